//! The scripts of this store. Redis loads each at its first use, and again after `SCRIPT FLUSH`.

use std::sync::LazyLock;

use redis::Script;

macro_rules! script {
    ($name:ident, $file:literal, $what:literal) => {
        #[doc = $what]
        pub(crate) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(concat!(include_str!("lua/common.lua"), include_str!($file))));
    };
}

script!(WORK, "lua/work.lua", "Moves jobs, and claims.");
script!(RELEASE, "lua/release.lua", "Releases the jobs of lost claims.");
script!(BEAT, "lua/beat.lua", "A heartbeat.");
script!(STOP, "lua/stop.lua", "The stop of a process.");
script!(FIGURES, "lua/figures.lua", "The figures of the store.");
