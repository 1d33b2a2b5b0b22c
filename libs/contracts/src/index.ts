/**
 * Every shape that crosses a process: ids, sweep specs, the catalogue, states, HTTP routes and NATS messages, each one zod
 * schema from which the types, the OpenAPI document and the clients are derived. It imports nothing of ours and refuses
 * logic beyond parsing and formatting. A message version that was shipped is frozen (see messages/fixtures).
 */
export {
  MetricDescriptor,
  ParameterRule,
  StartingPoint,
  SuccessCriterion,
  PlotDescriptor,
  ExperimentPicture,
  ExperimentDescriptor,
  SearchAlgorithmDescriptor,
  Catalog,
} from "./catalog";
export { ExternalExperiment, ExternalParameter } from "./external-experiment";
export { Provenance } from "./provenance";
export { csvRecord, type CsvValue } from "./csv";
export { apiSeries, makeSeries, trainerSeries } from "./prometheus-series";
export { packDataset, unpackDataset } from "./dataset-file";
export { DatasetId, type DatasetArray, type DatasetColumn, type DatasetContent, type DatasetVector } from "./dataset";
export { PlotAxis, PlotData, PlotKind, plotMediaType, plotArtifactName, type PlotDataInput } from "./plots";
export { AutoencoderParameters } from "./families/autoencoder";
export { CnnParameters, SampleTrainingParameters, sampleTrainingPerRunParameters } from "./families/cnn";
export { blockOutput, blockShapes, parseImageBlocks, type ImageBlock, type ImageShape } from "./families/image-blocks";
export { activationNames, ActivationName, activationTexts } from "./families/activations";
export { choiceOf } from "./families/choice";
export { MlpParameters, mlpPerRunParameters, layerActivationsOf } from "./families/mlp";
export {
  initializationNames,
  InitializationName,
  LossName,
  lossTexts,
  optimizerNames,
  optimizerSlots,
  OptimizerName,
  regressionLossParameters,
  type RegressionLoss,
} from "./families/optimization";
export { DescentParameters, descentPerRunParameters, UpdateRuleName, updateRuleNames } from "./families/descent";
export { DerivativeMethodName, SindyParameters } from "./families/sindy";
export {
  LibraryParameters,
  SindyAutoencoderParameters,
  sindyAutoencoderPerRunParameters,
  SmoothActivationName,
  smoothActivationNames,
} from "./families/sindy-autoencoder";
export { PinnActivationName, pinnActivationNames, PinnParameters, pinnPerRunParameters } from "./families/pinn";
export { RolloutParameters, rolloutPerRunParameters } from "./families/rollout";
export { messageOf } from "./message-of";
export { retrying, type Patience } from "./retrying";
export { Bin } from "./http/bin-routes";
export { readAllowedHosts, lacksSender, siteRefusal, type AllowedHosts } from "./http/allowed-hosts";
export { writtenOut } from "./written-out";
export { checkWithoutEval } from "./without-eval";
export { ApiError, routeUrl, type CallInput } from "./http/route-url";
export { stepsOfRun } from "./run-length";
export { closestName } from "./closest-name";
export { Issue, ErrorBody } from "./http/error";
export { issuePath, issuesOf, withCount } from "./issue-words";
export { mostIssues } from "./long-list";
export { completeSeeds, completeSpace, SubmittedSpec, SweepRequest, type DimensionRequest } from "./short-forms";
export {
  BandKind,
  LeftOut,
  Statistics,
  TypicalValue,
  SuccessRate,
  ResultGroup,
  Results,
  Series,
  RunSeries,
  Curves,
  PackedCurves,
  PackedGroupCurve,
} from "./http/results";
export {
  Figure,
  BoxStatistics,
  DistributionGroup,
  Distribution,
  ParameterAxis,
  ParameterSample,
  Edf,
  ParameterGrid,
  Importance,
  Timeline,
  LabelTally,
  EquationTerms,
  RunEnsemble,
  RunPlots,
  MetricPairs,
  SweepAnswer,
  SweepEstimate,
  SweepProgress,
} from "./http/analysis";
export { Selection, ComparedItem, Comparison, BandCurve, ComparedCurves, PairwiseTest } from "./http/comparison";
export {
  ArraySummary,
  ColumnSummary,
  DatasetSummary,
  Dataset,
  DatasetPreview,
  datasetMaxBytes,
  datasetMaxMemoryBytes,
  datasetMaxValues,
  datasetMediaType,
} from "./http/datasets";
export { apiPrefix, isJsonText, type Route } from "./http/route";
export { idempotencyHeader, idempotencyHours, idempotencyKeyPattern, newIdempotencyKey } from "./http/idempotency";
export { errorStatuses, errorStatusesOf, type ErrorStatus } from "./http/statuses";
export { SweepPreview, SweepPatch, ContinueSweep, ExtendSweep, type SweepSortField } from "./http/sweep-routes";
export {
  RunField,
  RunCondition,
  routes,
  type AnswerOf,
  type BodyOf,
  type QueryOf,
  type RouteName,
  type SweepCommand,
} from "./http/routes";
export { TrainerToken } from "./http/trainer-tokens";
export { Token, Session, sessionCookie, type NewToken } from "./http/tokens";
export { isReading, mayAsk, rolesOf, Role, type RouteRole, MemberRole, TokenScope } from "./http/roles";
export { AuditEntry, defaultProject, Project } from "./http/projects";
export {
  SweepId,
  TrialId,
  RunId,
  PackId,
  ArtifactId,
  TrainerId,
  PoolName,
  BuildId,
  unversionedBuild,
  AttemptNumber,
  MetricName,
  trialIdOf,
  runIdOf,
  partsOfRunId,
} from "./ids";
export { ChangeV2 } from "./messages/changes.v2";
export { TrainerChangeV1 } from "./messages/trainer-change.v1";
export {
  AttemptKey,
  attemptKeyOf,
  ControlErrorV1,
  StopAction,
  HeartbeatReplyV1,
  GrantV1,
  ClaimReplyV1,
  RunResultV1,
  CommitStatusV1,
  ReleaseRequestV1,
  artifactPartBytes,
  artifactMaxBytes,
} from "./messages/control.v1";
export { largestArtifactBytes } from "./messages/artifact.v2";
export { RegisterRequestV2, PackMeasure, HeartbeatRequestV2 } from "./messages/control.v2";
export { controlRequests, type ControlRequestName, type ControlRequest, type ControlReply } from "./messages/control-requests";
export { ReleaseRequestV2 } from "./messages/release.v2";
export { secretVariables, withSecretFiles } from "./secret-files";
export { DeadLetterV1 } from "./messages/dead-letter.v1";
export { PackMessageV1 } from "./messages/pack.v1";
export { PackMessageV2 } from "./messages/pack.v2";
export { PackMessage } from "./messages/pack-message";
export {
  streams,
  workStream,
  consumers,
  controlPlaneName,
  controlQueueGroup,
  subjects,
  trainerPermissions,
  joinPermissions,
  workQueueName,
  type WorkQueue,
} from "./messages/subjects";
export { MetricChunkV1, TelemetryMessageV1 } from "./messages/telemetry.v1";
export { PackedFloat64, packInt32, packFloat64, unpackInt32, unpackFloat64 } from "./packed-array";
export { ParameterValue, AppliedParameters, Configuration, applicable, applies, Dimension, Space } from "./parameters";
export { Report } from "./report";
export {
  RunState,
  RunOutcome,
  RunBound,
  stateWord,
  AttemptState,
  FinalMetrics,
  timeMetric,
  RunLabels,
  Run,
  Attempt,
  ArtifactKind,
  Artifact,
  RunDetail,
  Trial,
  Backend,
  TrainerBackend,
  Trainer,
} from "./run";
export type { ParetoFront } from "./http/pareto-routes";
export type { Race, SeedsToDecide } from "./http/race-routes";
export type { SafetyCheck, SeedObjectives } from "./http/saving-routes";
export {
  Build,
  BuildOnline,
  buildName,
  Budget,
  BudgetPart,
  ExperimentId,
  experimentIdOf,
  Seed,
  SeedSpec,
  Initializations,
  Stopping,
  heldOutSeeds,
  mostObjectives,
  Objective,
  SearchSpec,
  SweepSpec,
  SweepState,
  RunCounts,
  Sweep,
  seedsOf,
  type SweepSpecInput,
} from "./sweep";
export { startReferenceOf, startText } from "./start-reference";
export { readSafetensorsHeader, safetensorsHeaderBytes, type SafetensorsEntry } from "./safetensors-header";
export { wasmSlotBytes } from "./slot-memory";
export { storableText, toStorable } from "./storable-text";
