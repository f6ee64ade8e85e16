import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { Judged } from '../../../../src/core/judge/judged.ts';
import { judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import type { ServiceRead } from '../../../../src/core/judge/reading.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import {
  crashing,
  curl,
  healthy,
  incidentAfter,
  isVerdict,
  pods,
  refused,
  stepOf,
  worked,
} from './judging.ts';

describe('a condition about what stands behind a service', () => {
  const svc = stepOf(3, 'kubectl get svc,ingress -n production | grep payment');
  const row = 'service/payment   ClusterIP   10.0.0.7   <none>   8080/TCP   3d\n';
  const hidden = [{ name: 'payment', because: 'you may not list endpointslices there (403 Forbidden)' }];
  const at = (condition: string, incident: Incident): Judged => {
    const next = stepOf(4, 'kubectl get svc', { condition });
    const judged = judgeStep(next, [pods, curl, svc, next], incident);
    assert.ok(judged);
    return judged;
  };
  const both = 'If pods healthy but 503';
  const after = (...services: readonly ServiceRead[]) =>
    incidentAfter([pods, healthy], [svc, row, worked, services]);

  it('applies with both looks as evidence, and names the service', () => {
    isVerdict(
      at(both, after({ name: 'payment', endpoints: 0 })),
      'applies',
      /^all 2 pods are running and ready \(step 1, \d\d:\d\d UTC\); service payment has no ready endpoints \(step 3, \d\d:\d\d UTC\)$/,
    );
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, endpoints: 0 }));
    isVerdict(at(both, after(...many)), 'applies', /; services a, b, c and 2 more have no ready endpoints/);
    isVerdict(at(both, after(...many.slice(0, 2))), 'applies', /; services a and b have no ready endpoints/);
  });

  it('does not apply while pods are not healthy, whatever stands behind the service', () => {
    const incident = incidentAfter([pods, crashing], [svc, row, worked, [{ name: 'payment', endpoints: 0 }]]);
    isVerdict(at(both, incident), 'does-not-apply', /^3 of 5 pods are not \(step 1, /);
  });

  it('cannot be told while one of the two was not looked at, and says which', () => {
    isVerdict(
      at(both, incidentAfter([pods, healthy])),
      'cannot-tell',
      /^all 2 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
    );
    isVerdict(
      at(both, incidentAfter([svc, row, worked, [{ name: 'payment', endpoints: 0 }]])),
      'cannot-tell',
      /^no run has looked yet; service payment has no ready endpoints \(step 3, /,
    );
    isVerdict(
      at(both, incidentAfter([pods, healthy], [svc, row])),
      'cannot-tell',
      /; the run showed nothing that can be read \(step 3/,
    );
  });

  it('cannot be told where the endpoints could not be looked up, and never reads as if there were some', () => {
    isVerdict(
      at(both, after(...hidden)),
      'cannot-tell',
      /; whether service payment has endpoints is not known: you may not list endpointslices there \(403/,
    );
    isVerdict(
      at(both, incidentAfter([pods, healthy], [svc, '', refused])),
      'cannot-tell',
      /; step 3: the run failed/,
    );
    isVerdict(at(both, after()), 'cannot-tell', /; no service that has endpoints of its own was shown/);
  });

  it('cannot be told after a failed look at services, wherever the flags of its command stand', () => {
    for (const flags of [
      '-n production svc',
      '-o wide services,ingress',
      '-Al app=payment service/payment',
    ]) {
      const later = stepOf(3, `kubectl get ${flags}`);
      const first = [svc, row, worked, [{ name: 'payment', endpoints: 0 }]] as const;
      const incident = incidentAfter([pods, healthy], first, [later, '', refused]);
      isVerdict(at(both, incident), 'cannot-tell', /; step 3: the run failed/);
    }
  });

  it('is not over because every service has endpoints, only when a request since was answered well', () => {
    const served = after({ name: 'payment', endpoints: 3 });
    isVerdict(
      at(both, served),
      'cannot-tell',
      /; every service shown has ready endpoints, and no run has shown whether it still answers 503 \(step 3/,
    );
    const none = [{ name: 'payment', endpoints: 0 }];
    const ended = (status: number): Outcome =>
      status < 400
        ? { kind: 'succeeded', exitCode: 0, status }
        : { kind: 'failed', status, message: 'It answered that.' };
    const http = (status: number, from = curl) => [from, `HTTP/1.1 ${status} \n`, ended(status)] as const;
    const with200 = incidentAfter([pods, healthy], [svc, row, worked, none], http(200));
    isVerdict(at(both, with200), 'does-not-apply', /^the last request was answered with 200 \(step 1/);
    const earlier = incidentAfter([pods, healthy], http(200), [svc, row, worked, none]);
    isVerdict(at(both, earlier), 'applies', /; service payment has no ready endpoints/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(503))), 'applies', /answered with 503/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(404))), 'cannot-tell', /looked at its services/);
    // What somebody else answered to a message says nothing of the service.
    const hook = stepOf(3, 'curl -X POST https://hooks.example/deploys');
    const told = incidentAfter([pods, healthy], [svc, row, worked, none], http(200, hook));
    isVerdict(at(both, told), 'applies', /; service payment has no ready endpoints/);
    const seen503 = incidentAfter([pods, healthy], http(503), http(200, hook));
    isVerdict(at(both, seen503), 'applies', /; the last request was answered with 503 \(step 1/);
    // A look that got no answer takes away what an older one said; a message that got none does not.
    const lost: Outcome = { kind: 'failed', exitCode: 7, message: 'Nobody answers there.' };
    const unanswered = (from: typeof curl) =>
      at(both, incidentAfter([pods, healthy], http(503), [from, '', lost]));
    isVerdict(unanswered(curl), 'cannot-tell', /no run has looked at its services yet/);
    isVerdict(unanswered(hook), 'applies', /; the last request was answered with 503 \(step 1/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(503, hook))), 'cannot-tell', /looked at its serv/);
  });

  const words = 'If the service has no endpoints';
  it('“no endpoints” applies, does not apply, and cannot be told', () => {
    const whole = stepOf(3, 'kubectl get svc payment');
    const told = (services: readonly ServiceRead[]) =>
      at(words, incidentAfter([whole, row, worked, services]));
    isVerdict(told([{ name: 'payment', endpoints: 0 }]), 'applies', /^service payment has no ready/);
    isVerdict(told([{ name: 'payment', endpoints: 2 }]), 'does-not-apply', /^every service shown has ready/);
    isVerdict(told(hidden), 'cannot-tell', /is not known: you may not/);
    isVerdict(at(words, incidentAfter([whole, '', refused])), 'cannot-tell', /^step 3: the run failed/);
    isVerdict(at(words, incidentAfter()), 'cannot-tell', /^no run has looked yet/);
    // What a grep took out may be the one.
    isVerdict(at(words, after({ name: 'payment', endpoints: 2 })), 'cannot-tell', /only a part/);
  });
});
