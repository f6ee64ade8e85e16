import type { IncomingSignal } from './incomingSignal.ts';

/** The labels that name a service, the most telling first, when the setting says nothing else. */
export const defaultServiceLabels: readonly string[] = [
  'service',
  'app',
  'app_kubernetes_io_name',
  'deployment',
  'statefulset',
  'job',
];

/** The service a signal is about: what its source says, else the first of these labels that it has. */
export function serviceOf(
  { service, labels }: Pick<IncomingSignal, 'service' | 'labels'>,
  serviceLabels: readonly string[],
): string | undefined {
  if (service?.trim()) return service.trim();
  return serviceLabels.map((name) => labels[name]?.trim()).find(Boolean);
}

/** The same for `Payment Service`, `payment-service` and `payment_service`: systems write one service in many ways. */
export const serviceKey = (service: string): string =>
  service
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** False when either is not known: two incidents of unknown services have nothing in common. */
export const isSameService = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && serviceKey(one) !== '' && serviceKey(one) === serviceKey(other);
