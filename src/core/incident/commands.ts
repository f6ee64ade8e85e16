import type { EventData } from './events.ts';

/** What a person or the program asks of an incident. `decide` refuses it with a sentence, or states facts. */
export type Command =
  | {
      readonly type: 'Declare';
      readonly data: EventData['IncidentDeclared'];
      /** The guide's first phase, entered with the declare. */
      readonly phase?: EventData['PhaseEntered'];
    }
  | { readonly type: 'Acknowledge' }
  | { readonly type: 'SetSeverity'; readonly data: EventData['SeverityChanged'] }
  | { readonly type: 'SetImpact'; readonly data: EventData['ImpactSet'] }
  | { readonly type: 'SetOnset'; readonly data: EventData['OnsetSet'] }
  | { readonly type: 'MarkMitigated'; readonly data: EventData['MitigatedMarked'] }
  | { readonly type: 'EnterPhase'; readonly data: EventData['PhaseEntered'] }
  | { readonly type: 'StartRun'; readonly data: EventData['RunStarted'] }
  | { readonly type: 'RecordChange'; readonly data: EventData['ChangeMade'] }
  | { readonly type: 'EndRun'; readonly data: EventData['RunEnded'] }
  | { readonly type: 'SkipStep'; readonly data: EventData['StepSkipped'] }
  | { readonly type: 'MarkStepDone'; readonly data: EventData['StepDone'] }
  | { readonly type: 'SetValue'; readonly data: EventData['ValueSet'] }
  | { readonly type: 'AddNote'; readonly data: EventData['NoteAdded'] }
  | { readonly type: 'PostUpdate'; readonly data: { readonly text: string } }
  | { readonly type: 'TickItem'; readonly data: EventData['ChecklistItemTicked'] }
  | { readonly type: 'UntickItem'; readonly data: EventData['ChecklistItemUnticked'] }
  | { readonly type: 'MarkItemDone'; readonly data: EventData['GuideItemDone'] }
  | { readonly type: 'PinTarget'; readonly data: EventData['TargetPinned'] }
  | { readonly type: 'Resolve'; readonly data: EventData['IncidentResolved'] }
  | { readonly type: 'Reopen'; readonly data: EventData['IncidentReopened'] }
  | { readonly type: 'RecordPostMortem'; readonly data: EventData['PostMortemDrafted'] };
