//! The scripts. Redis loads each at its first use, and again after `SCRIPT FLUSH`.

use std::sync::LazyLock;

use jobs_redis::redis::Script;

macro_rules! script {
    ($name:ident, $file:literal, $what:literal) => {
        #[doc = $what]
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!($file)));
    };
}

script!(PUSH, "../lua/push.lua", "Adds jobs to queues.");
script!(SCHEDULE, "../lua/schedule.lua", "Adds delayed jobs.");
script!(UNSCHEDULE, "../lua/unschedule.lua", "Removes a delayed job.");
script!(DUE, "../lua/due.lua", "What is due, for the master.");
script!(DISPATCH, "../lua/dispatch.lua", "Moves what is due.");
script!(REGISTER, "../lua/register.lua", "Registers workers, and their heartbeats.");
script!(UNREGISTER, "../lua/unregister.lua", "Forgets workers.");
script!(CLAIM, "../lua/claim.lua", "Claims jobs.");
script!(SETTLE, "../lua/settle.lua", "Ends runs.");
script!(ASIDE, "../lua/aside.lua", "Reports texts that are no jobs.");
