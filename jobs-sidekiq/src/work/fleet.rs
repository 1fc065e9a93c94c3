//! What the server and the other processes of the fleet are like.

use jobs_core::{Error, Timestamp};
use serde::Deserialize;

use crate::SidekiqStore;
use crate::payload::{Fleet, Version};
use jobs_redis::Link;

const DOING: &str = "look at the fleet";

/// What processes say of themselves.
#[derive(Debug, Deserialize)]
struct FleetProcess {
    version: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
}

impl SidekiqStore {
    /// Reads the server's clock, and which versions the living Ruby processes have. All of them read what the oldest reads, so
    /// that one decides what is written.
    pub(crate) async fn look_at_fleet(&self, link: &Link) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("TIME").cmd("SMEMBERS").arg(self.key("processes"));
        let ((seconds, micros), members): ((i64, i64), Vec<String>) = link.commands(&commands, DOING).await?;
        self.clock.measured(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)));
        if members.is_empty() {
            return Ok(());
        }
        let mut commands = redis::pipe();
        for member in &members {
            commands.cmd("HGET").arg(self.key(member)).arg("info");
        }
        let infos: Vec<Option<String>> = link.commands(&commands, DOING).await?;
        if let Some(fleet) = Fleet::of(infos.into_iter().flatten().filter_map(|info| version_of(&info))) {
            self.fleet_is(fleet);
        }
        Ok(())
    }
}

/// Whether this is what a process of ours says of itself.
pub(crate) fn is_ours(info: &str) -> bool {
    serde_json::from_str(info).is_ok_and(|info: FleetProcess| info.labels.iter().any(|label| label == "rust"))
}

/// The version of a process; `None` for a process of ours.
fn version_of(text: &str) -> Option<Version> {
    let info: FleetProcess = serde_json::from_str(text).ok().filter(|_| !is_ours(text))?;
    info.version.map_or(Some(Version::UNTOLD), |version| Version::parse(&version))
}
