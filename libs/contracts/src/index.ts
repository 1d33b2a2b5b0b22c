/**
 * Every shape that crosses a process: ids, sweep specs, the catalogue, states, HTTP routes and NATS messages, each one zod
 * schema from which the types, the OpenAPI document and the clients are derived. It imports nothing of ours and refuses
 * logic beyond parsing and formatting. A message version that was shipped is frozen (see messages/fixtures).
 */
export {
  MetricDescriptor,
  SuccessCriterion,
  PlotDescriptor,
  ExperimentDescriptor,
  SearchAlgorithmDescriptor,
  Catalog,
} from "./catalog";
export {
  activationNames,
  ActivationName,
  initializationNames,
  InitializationName,
  lossNames,
  LossName,
  optimizerNames,
  OptimizerName,
  MlpParameters,
  mlpPerRunParameters,
} from "./families/mlp";
export { ApiError, routeUrl, call, type CallInput, type CallOutput } from "./http/client";
export { Issue, ErrorBody, issuePath, issuesOf } from "./http/error";
export { Statistics, ResultGroup, Results, Series, RunSeries, GroupCurve, Curves } from "./http/results";
export { apiPrefix, pageOf, SweepPreview, ExtendSweep, CloneSweep, routes, type Route, type RouteName } from "./http/routes";
export {
  SweepId,
  TrialId,
  RunId,
  PackId,
  ArtifactId,
  TrainerId,
  PoolName,
  AttemptNumber,
  MetricName,
  trialIdOf,
  runIdOf,
  partsOfRunId,
} from "./ids";
export { ChangeV1 } from "./messages/changes.v1";
export {
  AttemptKey,
  ControlErrorV1,
  RegisterRequestV1,
  RegisterReplyV1,
  StopAction,
  HeartbeatRequestV1,
  HeartbeatReplyV1,
  ClaimRequestV1,
  GrantV1,
  ClaimReplyV1,
  RunResultV1,
  CommitRequestV1,
  CommitStatusV1,
  CommitReplyV1,
  ReleaseRequestV1,
  ReleaseReplyV1,
  artifactPartBytes,
  artifactMaxBytes,
  ArtifactRequestV1,
  ArtifactReplyV1,
  FetchRequestV1,
  FetchReplyV1,
  controlRequests,
  type ControlRequestName,
  type ControlRequest,
  type ControlReply,
} from "./messages/control.v1";
export { DeadLetterV1 } from "./messages/dead-letter.v1";
export { PackMessageV1 } from "./messages/pack.v1";
export { streams, consumers, controlQueueGroup, subjects } from "./messages/subjects";
export { MetricChunkV1, TelemetryMessageV1 } from "./messages/telemetry.v1";
export { PackedInt32, PackedFloat64, packInt32, packFloat64, unpackInt32, unpackFloat64 } from "./packed-array";
export {
  ParameterValue,
  ParameterName,
  Configuration,
  FixedDimension,
  ChoiceDimension,
  IntDimension,
  FloatDimension,
  LogFloatDimension,
  StepDimension,
  Dimension,
  Space,
} from "./parameters";
export { Report } from "./report";
export {
  RunState,
  AttemptState,
  FinalMetrics,
  Run,
  Attempt,
  ArtifactKind,
  Artifact,
  RunDetail,
  TrialState,
  Trial,
  TrainerState,
  Backend,
  Trainer,
} from "./run";
export {
  ExperimentId,
  Seed,
  SeedSpec,
  Objective,
  SearchSpec,
  SweepSpec,
  SweepState,
  RunCounts,
  Sweep,
  seedsOf,
  type SweepSpecInput,
} from "./sweep";
export { storableText, toStorable } from "./storable-text";
