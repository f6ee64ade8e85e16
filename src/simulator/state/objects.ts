import type { Application, Automated } from './applications.ts';

/**
 * The Kubernetes objects the simulated production holds: the fields its controllers read and write.
 * Everything else a client sends is kept as it came. Timestamps are RFC 3339 in UTC, to the second.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/
 */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  reason?: string;
  message?: string;
}

export interface Container {
  name: string;
  image: string;
  ports?: { containerPort: number; name?: string; protocol?: string }[];
  env?: { name: string; value?: string }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  nodeName?: string;
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec: PodSpec;
}

export interface Terminated {
  exitCode: number;
  reason: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

export interface ContainerState {
  running?: { startedAt: string };
  waiting?: { reason: string; message?: string };
  terminated?: Terminated;
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface PodStatus {
  phase: string;
  reason?: string;
  conditions: Condition[];
  hostIP?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  qosClass?: string;
  containerStatuses?: ContainerStatus[];
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
}

export interface WorkloadSpec {
  replicas: number;
  selector: LabelSelector;
  template: PodTemplate;
  [field: string]: unknown;
}

export interface WorkloadStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  fullyLabeledReplicas?: number;
  conditions?: Condition[];
  [field: string]: unknown;
}

/** Deployment, ReplicaSet and StatefulSet: the shapes agree where the simulator looks. */
export interface Workload extends KubeObject {
  spec: WorkloadSpec;
  status: WorkloadStatus;
}

export interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
  nodePort?: number;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    externalIPs?: string[];
    selector?: Record<string, string>;
    ports?: ServicePort[];
    [field: string]: unknown;
  };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } };
  [field: string]: unknown;
}

export interface Ingress extends KubeObject {
  spec: {
    ingressClassName?: string;
    defaultBackend?: IngressBackend;
    tls?: { hosts?: string[]; secretName?: string }[];
    rules?: {
      host?: string;
      http?: { paths: { path?: string; pathType?: string; backend: IngressBackend }[] };
    }[];
    [field: string]: unknown;
  };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: { ip: string; nodeName?: string; targetRef?: Record<string, string> }[];
    notReadyAddresses?: { ip: string; nodeName?: string; targetRef?: Record<string, string> }[];
    ports?: { name?: string; port: number; protocol?: string }[];
  }[];
}

export interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints: {
    addresses: string[];
    conditions: { ready: boolean; serving: boolean; terminating: boolean };
    nodeName?: string;
    targetRef?: Record<string, string>;
  }[];
  ports: { name: string; port: number; protocol: string }[];
}

export interface Node extends KubeObject {
  spec: { unschedulable?: boolean; [field: string]: unknown };
  status: {
    conditions: Condition[];
    addresses: { type: string; address: string }[];
    allocatable: Record<string, string>;
    capacity: Record<string, string>;
    nodeInfo: Record<string, string>;
  };
}

export interface ClusterEvent extends KubeObject {
  type: string;
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: string; host?: string };
  involvedObject: {
    apiVersion: string;
    kind: string;
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    fieldPath?: string;
  };
}

export interface Namespace extends KubeObject {
  status: { phase: string };
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/** Argo CD's template of applications: the part of it that puts their settings back. */
export interface ApplicationSet extends KubeObject {
  spec: {
    template: {
      spec: { syncPolicy?: { automated?: Automated }; [field: string]: unknown };
      [field: string]: unknown;
    };
    [field: string]: unknown;
  };
}

/** One template a stateful set has had. */
export interface ControllerRevision extends KubeObject {
  revision: number;
  data: { spec: { template: PodTemplate & { $patch?: 'replace' } } };
}

/** Which object lies under which resource name. */
export interface Kinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  services: Service;
  endpoints: Endpoints;
  endpointslices: EndpointSlice;
  events: ClusterEvent;
  configmaps: ConfigMap;
  deployments: Workload;
  replicasets: Workload;
  statefulsets: Workload;
  ingresses: Ingress;
  horizontalpodautoscalers: KubeObject;
  controllerrevisions: ControllerRevision;
  applications: Application;
  applicationsets: ApplicationSet;
}

export type ResourceName = keyof Kinds;

/** The API's timestamp of a moment: RFC 3339, UTC, whole seconds. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
