import type { CommandId } from '../manifest.ts';
import type { CommandFactory } from './commandDeps.ts';
import { showActionItems, syncActionItems } from './actionItems.ts';
import { approve, lookAtApproval, refuseApproval, requestApproval } from './approvals.ts';
import { runRemedy, setSecret, undoChange } from './changes.ts';
import { saveCalendarEntry } from './calendarEntry.ts';
import { connect } from './connect.ts';
import { continueGuide } from './continueGuide.ts';
import { declareIncident } from './declare.ts';
import { announce, archiveChannel, openDelivery, retryDelivery, showDeliveries } from './deliveries.ts';
import { openDashboard } from './dashboards.ts';
import { draftPostMortem } from './draftPostMortem.ts';
import { acknowledgeEscalation, escalate, openPeople } from './escalation.ts';
import { addEvidence, addEvidenceFile, attachOutput, openEvidence } from './evidence.ts';
import {
  acknowledge,
  addNote,
  answerQuestion,
  markItemDone,
  markMitigated,
  pinTarget,
  setImpact,
  setOnset,
  setSeverity,
  switchIncident,
  tickItem,
} from './facts.ts';
import { copyPostMortem, exportPostMortem } from './exportPostMortem.ts';
import { followLink } from './followLink.ts';
import { copyText, openGuide, openLink, runAct, showEvent } from './guide.ts';
import {
  exportFigures,
  importPostMortemsCommand,
  openPastIncident,
  searchHistory,
  showTrends,
} from './history.ts';
import { importAlertRunbooks } from './importAlerts.ts';
import { newGuide, newRunbook } from './newGuides.ts';
import { exportAudit } from './exportAudit.ts';
import { goToPhase, nextPhase, showMessage } from './phases.ts';
import { cancelSoak, checkResolution, keepChange, setPostMortemOwner, showCheck } from './resolution.ts';
import { reopen, resolveIncident, tellResolved } from './resolve.ts';
import { dryRunAll, runAll, runToHere, stopAll } from './runAll.ts';
import { insertEvidence } from './insertEvidence.ts';
import { refreshPostMortem, setPostMortemStatus } from './postMortems.ts';
import { recordReplay } from './recordReplay.ts';
import { showRunbookHealth } from './runbookHealth.ts';
import { openOutput, openRunbook, runStep, showOutput, stopRun } from './runbooks.ts';
import {
  attachSignal,
  declareFromAlert,
  openRunbookOfSignal,
  openSignal,
  refreshSignals,
} from './signals.ts';
import { endSilence, silenceAlert } from './silences.ts';
import { shareOutput } from './shareOutput.ts';
import { previewPlan, runStepAtCursor } from './stepAtCursor.ts';
import {
  postExecutiveUpdate,
  postNoChange,
  postPublicUpdate,
  postUpdate,
  sendDraft,
  snoozeUpdate,
} from './updates.ts';

/** Every command of package.json and what it does. */
export const commandTable: Readonly<Record<CommandId, CommandFactory>> = {
  'incident.continue': continueGuide,
  'incident.declare': declareIncident,
  'incident.declareFromAlert': declareFromAlert,
  'incident.attachSignal': attachSignal,
  'incident.refreshSignals': refreshSignals,
  'incident.silenceAlert': silenceAlert,
  'incident.endSilence': endSilence,
  'incident.openSignal': openSignal,
  'incident.openRunbookOfSignal': openRunbookOfSignal,
  'incident.acknowledge': acknowledge,
  'incident.setSeverity': setSeverity,
  'incident.setImpact': setImpact,
  'incident.setOnset': setOnset,
  'incident.markMitigated': markMitigated,
  'incident.nextPhase': nextPhase,
  'incident.goToPhase': goToPhase,
  'incident.openRunbook': openRunbook,
  'incident.runStep': runStep,
  'incident.stopRun': stopRun,
  'incident.runAll': runAll,
  'incident.runToHere': runToHere,
  'incident.dryRunAll': dryRunAll,
  'incident.stopAll': stopAll,
  'incident.addNote': addNote,
  'incident.addEvidence': addEvidence,
  'incident.addEvidenceFile': addEvidenceFile,
  'incident.attachOutput': attachOutput,
  'incident.openEvidence': openEvidence,
  'incident.shareOutput': shareOutput,
  'incident.postUpdate': postUpdate,
  'incident.postNoChange': postNoChange,
  'incident.snoozeUpdate': snoozeUpdate,
  'incident.postExecutiveUpdate': postExecutiveUpdate,
  'incident.postPublicUpdate': postPublicUpdate,
  'incident.sendDraft': sendDraft,
  'incident.escalate': escalate,
  'incident.acknowledgeEscalation': acknowledgeEscalation,
  'incident.tickItem': tickItem,
  'incident.checkResolution': checkResolution,
  'incident.showCheck': showCheck,
  'incident.keepChange': keepChange,
  'incident.resolve': resolveIncident,
  'incident.cancelSoak': cancelSoak,
  'incident.tellResolved': tellResolved,
  'incident.setPostMortemOwner': setPostMortemOwner,
  'incident.reopen': reopen,
  'incident.draftPostMortem': draftPostMortem,
  'incident.refreshPostMortem': refreshPostMortem,
  'incident.insertEvidence': insertEvidence,
  'incident.setPostMortemStatus': setPostMortemStatus,
  'incident.exportPostMortem': exportPostMortem,
  'incident.copyPostMortem': copyPostMortem,
  'incident.openGuide': openGuide,
  'incident.showOutput': showOutput,
  'incident.switchIncident': switchIncident,
  'incident.pinTarget': pinTarget,
  'incident.answerQuestion': answerQuestion,
  'incident.showMessage': showMessage,
  'incident.runAct': runAct,
  'incident.markItemDone': markItemDone,
  'incident.openDashboard': openDashboard,
  'incident.openLink': openLink,
  'incident.followLink': followLink,
  'incident.copyText': copyText,
  'incident.openOutput': openOutput,
  'incident.showEvent': showEvent,
  'incident.undoChange': undoChange,
  'incident.requestApproval': requestApproval,
  'incident.approve': approve,
  'incident.refuseApproval': refuseApproval,
  'incident.lookAtApproval': lookAtApproval,
  'incident.setSecret': setSecret,
  'incident.runRemedy': runRemedy,
  'incident.announce': announce,
  'incident.showDeliveries': showDeliveries,
  'incident.openDelivery': openDelivery,
  'incident.retryDelivery': retryDelivery,
  'incident.archiveChannel': archiveChannel,
  'incident.connect': connect,
  'incident.openPeople': openPeople,
  'incident.showRunbookHealth': showRunbookHealth,
  'incident.recordReplay': recordReplay,
  'incident.exportAudit': exportAudit,
  'incident.syncActionItems': syncActionItems,
  'incident.showActionItems': showActionItems,
  'incident.saveCalendarEntry': saveCalendarEntry,
  'incident.previewPlan': previewPlan,
  'incident.runStepAtCursor': runStepAtCursor,
  'incident.newRunbook': newRunbook,
  'incident.newGuide': newGuide,
  'incident.importAlertRunbooks': importAlertRunbooks,
  'incident.searchHistory': searchHistory,
  'incident.openPastIncident': openPastIncident,
  'incident.showTrends': showTrends,
  'incident.exportFigures': exportFigures,
  'incident.importPostMortems': importPostMortemsCommand,
};
