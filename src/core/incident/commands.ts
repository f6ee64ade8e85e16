import type { DeliveryRequest } from '../deliveries/delivery.ts';
import type { IncomingSignal } from '../signals/incomingSignal.ts';
import type { EventData } from './events.ts';

/** What a person or the program asks of an incident. `decide` refuses it with a sentence, or states facts. */
export type Command =
  | {
      readonly type: 'Declare';
      readonly data: EventData['IncidentDeclared'];
      /** The guide's first phase, entered with the declare. */
      readonly phase?: EventData['PhaseEntered'];
      /** Known with the declare, written with it in one piece: what it was declared from, and since when it is so. */
      readonly signals?: readonly IncomingSignal[];
      readonly evidence?: readonly EventData['EvidenceAdded'][];
      readonly onset?: EventData['OnsetSet'];
      readonly deliveries?: readonly DeliveryRequest[];
    }
  /** Without data: by whoever gives the command. */
  | { readonly type: 'Acknowledge'; readonly data?: EventData['IncidentAcknowledged'] }
  | { readonly type: 'SetSeverity'; readonly data: EventData['SeverityChanged'] }
  | { readonly type: 'SetImpact'; readonly data: EventData['ImpactSet'] }
  | { readonly type: 'SetOnset'; readonly data: EventData['OnsetSet'] }
  | { readonly type: 'MarkMitigated'; readonly data: EventData['MitigatedMarked'] }
  | { readonly type: 'EnterPhase'; readonly data: EventData['PhaseEntered'] }
  | { readonly type: 'StartRun'; readonly data: EventData['RunStarted'] }
  | { readonly type: 'RecordChange'; readonly data: EventData['ChangeMade'] }
  | { readonly type: 'EndRun'; readonly data: EventData['RunEnded'] }
  | { readonly type: 'RecordRunAll'; readonly data: EventData['RunAllEnded'] }
  | { readonly type: 'SkipStep'; readonly data: EventData['StepSkipped'] }
  | { readonly type: 'MarkStepDone'; readonly data: EventData['StepDone'] }
  | { readonly type: 'SetValue'; readonly data: EventData['ValueSet'] }
  | { readonly type: 'ClearValue'; readonly data: EventData['ValueCleared'] }
  | { readonly type: 'AddNote'; readonly data: EventData['NoteAdded'] }
  | { readonly type: 'PostUpdate'; readonly data: { readonly text: string; readonly noChange?: boolean } }
  | { readonly type: 'PostAudienceUpdate'; readonly data: EventData['AudienceUpdatePosted'] }
  | { readonly type: 'SnoozeUpdate'; readonly data: EventData['UpdateSnoozed'] }
  | {
      readonly type: 'RequestDeliveries';
      readonly data: { readonly deliveries: readonly DeliveryRequest[] };
    }
  | { readonly type: 'StartDelivery'; readonly data: { readonly delivery: string } }
  | { readonly type: 'RecordDelivered'; readonly data: EventData['DeliveryDelivered'] }
  | { readonly type: 'RecordDeliveryFailure'; readonly data: EventData['DeliveryFailed'] }
  | { readonly type: 'MarkDeliveryDone'; readonly data: EventData['DeliveryMarkedDone'] }
  | { readonly type: 'DropDelivery'; readonly data: EventData['DeliveryDropped'] }
  | { readonly type: 'AttachSignal'; readonly data: EventData['SignalAttached'] }
  | { readonly type: 'SeeSignalState'; readonly data: EventData['SignalStateSeen'] }
  | { readonly type: 'AddEvidence'; readonly data: EventData['EvidenceAdded'] }
  | { readonly type: 'ReceivePin'; readonly data: EventData['PinReceived'] }
  | { readonly type: 'EscalatePeople'; readonly data: EventData['PeopleEscalated'] }
  | { readonly type: 'SeePageResolved'; readonly data: EventData['PageResolvedSeen'] }
  | { readonly type: 'AcknowledgeEscalation'; readonly data: EventData['EscalationAcknowledged'] }
  | { readonly type: 'TickItem'; readonly data: EventData['ChecklistItemTicked'] }
  | { readonly type: 'UntickItem'; readonly data: EventData['ChecklistItemUnticked'] }
  | { readonly type: 'MarkItemDone'; readonly data: EventData['GuideItemDone'] }
  | { readonly type: 'PinTarget'; readonly data: EventData['TargetPinned'] }
  | { readonly type: 'Resolve'; readonly data: EventData['IncidentResolved'] }
  /** `untick`: items whose ticks said that it is over. */
  | {
      readonly type: 'Reopen';
      readonly data: EventData['IncidentReopened'];
      readonly untick?: readonly EventData['ChecklistItemUnticked'][];
    }
  | { readonly type: 'RecordChecks'; readonly data: EventData['ResolutionChecked'] }
  | { readonly type: 'OverrideCheck'; readonly data: EventData['CheckOverridden'] }
  | { readonly type: 'StartSoak'; readonly data: EventData['SoakStarted'] }
  | { readonly type: 'RecordRelapse'; readonly data: EventData['RelapseSeen'] }
  | { readonly type: 'PassSoak'; readonly data: EventData['SoakPassed'] }
  | { readonly type: 'CancelSoak'; readonly data: EventData['SoakCancelled'] }
  | { readonly type: 'KeepChange'; readonly data: EventData['ChangeKept'] }
  | { readonly type: 'SetPostMortemOwner'; readonly data: EventData['PostMortemOwnerSet'] }
  | { readonly type: 'RequestApproval'; readonly data: EventData['ApprovalRequested'] }
  /** `writer`: the activation it is given in, where it is given in an editor. */
  | { readonly type: 'GiveApproval'; readonly data: EventData['ApprovalGiven']; readonly writer?: string }
  | { readonly type: 'RefuseApproval'; readonly data: EventData['ApprovalRefused'] }
  | { readonly type: 'RecordPostMortem'; readonly data: EventData['PostMortemDrafted'] }
  | { readonly type: 'SetPostMortemStatus'; readonly data: EventData['PostMortemStatusSet'] }
  | { readonly type: 'SeeActionItems'; readonly data: EventData['ActionItemsSeen'] }
  | { readonly type: 'RecordCalendarEntry'; readonly data: EventData['CalendarEntryWritten'] }
  | { readonly type: 'RecordRecurrence'; readonly data: EventData['RecurrenceSeen'] };
