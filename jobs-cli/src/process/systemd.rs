//! Notifies systemd that the program is ready, what it does, and that it is alive.
//!
//! Without systemd these calls do nothing.

use std::future::pending;

use jobs::{Client, Event, RuntimeBuilder};
use sd_notify::{NotifyState, notify, watchdog_enabled};
use tokio::time::{MissedTickBehavior, interval};

/// How often within the time that the watchdog allows it is told that the program lives, as `sd_watchdog_enabled` asks.
const BEATS: u32 = 2;

/// A runtime that tells what it does (`Type=notify`).
pub(crate) fn told(builder: RuntimeBuilder) -> RuntimeBuilder {
    builder.watch(|event| match event {
        Event::RuntimeStarted(_) => say(&[NotifyState::Ready, NotifyState::Status("runs jobs")]),
        Event::RuntimeQuieted(_) => say(&[NotifyState::Status("claims no more jobs; what runs goes on")]),
        Event::RuntimeStopped(_) => say(&[NotifyState::Stopping, NotifyState::Status("ended")]),
        _ => {}
    })
}

/// Feeds the watchdog while the loops of the installed runtime make progress, so that systemd restarts a program whose
/// loops stand still (`WatchdogSec`). A program without a runtime is fed always. Never ready. Cancel safe.
pub(crate) async fn keep_alive() {
    let Some(limit) = watchdog_enabled() else { return pending().await };
    let mut beat = interval((limit / BEATS).max(std::time::Duration::from_millis(1)));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        if Client::current().map_or(true, |client| client.is_responsive()) {
            say(&[NotifyState::Watchdog]);
        }
    }
}

/// Says that the program is ready, and what it does.
#[cfg(feature = "dashboard")]
pub(crate) fn ready(status: &str) {
    say(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Says that the program ends.
#[cfg(feature = "dashboard")]
pub(crate) fn stopping() {
    say(&[NotifyState::Stopping]);
}

fn say(states: &[NotifyState<'_>]) {
    // Without a listener there is nothing to report.
    let _unheard = notify(states);
}
