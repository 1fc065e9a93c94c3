//! The scripts of this store. Redis loads each at its first use, and again after `SCRIPT FLUSH`.

jobs_redis::scripts! {
    beginning with "lua/common.lua";
    /// Moves jobs, and claims.
    WORK = "lua/work.lua";
    /// Releases the jobs of lost claims.
    RELEASE = "lua/release.lua";
    /// A heartbeat.
    BEAT = "lua/beat.lua";
    /// The stop of a process.
    STOP = "lua/stop.lua";
    /// The figures of the store.
    FIGURES = "lua/figures.lua";
    /// The recurring jobs of Ruby.
    CRON_JOBS = "lua/cron_jobs.lua";
    /// A tick of a job of sidekiq-cron.
    CRON_TICK = "lua/cron_tick.lua";
}
