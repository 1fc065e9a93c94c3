//! Limits how often one address can try passwords, and how often wrong ones are logged.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::LogText;
use tokio::time::Instant;

/// How many wrong passwords an address may send in a window. Further requests of it are refused without looking at their
/// passwords until the window is over.
const TRIES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(10);

/// How many addresses are remembered.
const ADDRESSES: usize = 10_000;

/// The wait between two log lines about wrong passwords. The next line tells how many were not logged.
const LOG_WAIT: Duration = Duration::from_secs(10);

/// The wrong passwords of the last seconds.
#[derive(Debug, Default)]
pub(crate) struct WrongPasswords(Mutex<Recent>);

#[derive(Debug, Default)]
struct Recent {
    /// When the window of an address began, and how many wrong passwords it sent since then.
    by_address: HashMap<IpAddr, (Instant, u32)>,
    logged_at: Option<Instant>,
    not_logged: u64,
}

impl WrongPasswords {
    /// Whether an address may try a password now.
    pub(crate) fn allows(&self, address: Option<IpAddr>) -> bool {
        let recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = address.and_then(|address| recent.by_address.get(&network(address)));
        window.is_none_or(|(began, count)| began.elapsed() >= WINDOW || *count < TRIES)
    }

    /// Counts a wrong password, and logs it unless another one was logged a moment ago.
    pub(crate) fn count(&self, address: Option<IpAddr>, user: &str) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = address {
            recent.count(network(address));
        }
        recent.not_logged += 1;
        if recent.logged_at.is_some_and(|at| at.elapsed() < LOG_WAIT) {
            return;
        }
        let count = std::mem::take(&mut recent.not_logged);
        recent.logged_at = Some(Instant::now());
        drop(recent);
        tracing::warn!(
            target: "jobs::audit", actor = ?LogText::field(user).to_string(), count,
            "Wrong password for the dashboard"
        );
    }
}

impl Recent {
    fn count(&mut self, address: IpAddr) {
        let now = Instant::now();
        if self.by_address.len() >= ADDRESSES {
            self.by_address.retain(|_, (began, _)| began.elapsed() < WINDOW);
        }
        if self.by_address.len() >= ADDRESSES {
            self.by_address.clear();
        }
        let (began, count) = self.by_address.entry(address).or_insert((now, 0));
        if began.elapsed() >= WINDOW {
            (*began, *count) = (now, 0);
        }
        *count += 1;
    }
}

/// The address, or the network of 64 bits that one client of IPv6 has for itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}
