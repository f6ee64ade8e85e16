import type { Step } from '../guide/guide.ts';
import { placeId, placesOfStep, type StepPlace } from '../plan/dashboards.ts';
import { oneLine } from './oneLine.ts';
import type { CardPlace } from './runbookPageState.ts';
import { command, createNode, type TreeCommand, type TreeNode } from './treeNode.ts';

/** The buttons of a card that open what its step sends a person to. */
export function cardPlaces(step: Step): readonly CardPlace[] {
  const places = placesOfStep(step);
  const dashboards = places.filter(({ kind }) => kind === 'dashboard').length;
  return places.map((place) => ({
    id: placeId(place),
    label:
      place.kind === 'dashboard' && dashboards === 1
        ? 'Open Dashboard'
        : `Open ${oneLine(nameOf(place), 40)}`,
    spoken: `Open ${place.kind === 'dashboard' ? 'the dashboard ' : ''}${nameOf(place)}, step ${step.number}`,
  }));
}

/** The same as rows under the step's row. */
export const placeNodes = (parent: string, step: Step): readonly TreeNode[] =>
  placesOfStep(step).map((place) =>
    createNode(`${parent}/${placeId(place)}`, 'place', {
      label: oneLine(nameOf(place)),
      description: place.kind === 'dashboard' ? 'dashboard' : oneLine(place.url, 80),
      tooltip: place.kind === 'dashboard' ? 'Opens it at the incident’s time range.' : place.url,
      icon: place.kind === 'dashboard' ? 'graph' : 'link-external',
      command: commandOf(step.id, place),
    }),
  );

/** What opens the place with this id of the step; undefined when the step has no such place. */
export function openPlace(step: Step, id: string): TreeCommand | undefined {
  const place = placesOfStep(step).find((each) => placeId(each) === id);
  return place && commandOf(step.id, place);
}

const commandOf = (step: string, place: StepPlace): TreeCommand =>
  place.kind === 'dashboard'
    ? command('incident.openDashboard', step, placeId(place))
    : command('incident.openLink', place.url);

/** The host of an address is what a person looks for in it. */
const nameOf = (place: StepPlace): string =>
  place.kind === 'dashboard' ? place.title : (/^https?:\/\/([^/?#]+)/i.exec(place.url)?.[1] ?? place.url);
