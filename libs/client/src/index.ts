export { answerOf } from "./answer";
export { BasinClient, call } from "./basin-client";
export { changesOf } from "./changes";
export { LiveConnection, type LiveFeed, type LiveStatus } from "./live-connection";
export { uploadQuery, type UploadOptions } from "./upload-query";
