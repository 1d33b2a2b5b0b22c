/**
 * A node argument that makes a child end itself when its supervisor disappears: the child is spawned with an IPC channel, and
 * the channel breaks when the supervisor is gone, however it went. Works without any cooperation of the child's own code.
 */
const source = "if(process.channel){process.once('disconnect',()=>process.kill(process.pid,'SIGTERM'));process.channel.unref();}";

export const orphanGuard: readonly string[] = ["--import", `data:text/javascript,${encodeURIComponent(source)}`];
