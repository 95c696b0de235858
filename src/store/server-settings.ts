/**
 * How the embedded server is set: durable, local, silent about what it is asked (P9), for two
 * cores.
 */

/** The name of the account inside the database, and of the database itself. */
export const SERVER_USER = "midan";
export const SERVER_DATABASE = "midan";
/** Names the socket file; nothing listens on the network. */
export const SERVER_PORT = 5432;

const SETTINGS = {
  // Only a socket, in the data directory, which is 0700: whoever can open it is the owner or root.
  listen_addresses: "",
  unix_socket_directories: ".",
  port: String(SERVER_PORT),
  max_connections: "40",

  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",

  // ERROR lines quote input ("invalid input syntax for type integer: …"), so from LOG upwards only.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_statement: "none",
  log_min_duration_statement: "-1",
  log_checkpoints: "off",
  log_autovacuum_min_duration: "-1",
  log_lock_waits: "off",
  log_temp_files: "-1",
  log_line_prefix: "%m [%p] ",
  log_timezone: "UTC",
  logging_collector: "off",
  // Statement texts are kept in shared memory only as far as we need them, which is not at all.
  track_activities: "on",
  track_activity_query_size: "100",

  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  wal_buffers: "16MB",
  min_wal_size: "160MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  max_parallel_workers_per_gather: "1",
  max_wal_senders: "0",
  io_method: "sync",
  jit: "off",
  huge_pages: "off",
} as const;

const BYTES_PER_MEBIBYTE = 1024 * 1024;
const BUFFERS = { leastMebibytes: 128, mostMebibytes: 2048, shareOfMemory: 8 } as const;

/**
 * `shared_buffers`, an eighth of the memory within bounds. Hashes and tags fall anywhere in their
 * indexes, so a page that is not held costs a read and a write for each row. The server takes the
 * memory as it fills it, not when it starts.
 */
function sharedBuffers(memoryBytes: number): string {
  const share = Math.floor(memoryBytes / BUFFERS.shareOfMemory / BYTES_PER_MEBIBYTE);
  return `${Math.min(BUFFERS.mostMebibytes, Math.max(BUFFERS.leastMebibytes, share))}MB`;
}

/**
 * The settings as command line arguments, so that an upgrade changes them without touching data.
 * `memoryBytes` is what the machine has.
 */
export function settingArguments(memoryBytes: number): string[] {
  const settings = { ...SETTINGS, shared_buffers: sharedBuffers(memoryBytes) };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
