//! The scripts of this store. Redis loads each at its first use, and again after `SCRIPT FLUSH`.

jobs_redis::scripts! {
    beginning with "lua/common.lua";
    /// Moves jobs.
    WORK = "lua/work.lua";
    /// Claims jobs.
    CLAIM = "lua/claim.lua";
    /// Releases the jobs of lost claims.
    RELEASE = "lua/release.lua";
    /// A heartbeat.
    BEAT = "lua/beat.lua";
    /// The stop of a process.
    STOP = "lua/stop.lua";
    /// The delayed jobs that are due, for the master.
    DUE = "lua/due.lua";
    /// The end of being the master.
    LET_GO = "lua/let_go.lua";
    /// The figures of the store.
    FIGURES = "lua/figures.lua";
    /// How many failures of a list were retried.
    RETRIED = "lua/retried.lua";
    /// The pause of a queue, and its end.
    PAUSE = "lua/pause.lua";
}
