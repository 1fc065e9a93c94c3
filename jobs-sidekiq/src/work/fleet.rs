//! What the server and the other processes of the fleet are like.

use jobs_core::{Error, LogText, Timestamp};
use redis::RedisResult;
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

/// How many processes are read at a time.
const AT_A_TIME: usize = 500;

impl SidekiqStore {
    /// Reads the server's clock, and which versions the living Ruby processes have. All of them read what the oldest reads, so
    /// that one decides what is written. Only the clock is needed: what cannot be read of processes stops no heartbeat.
    pub(crate) async fn look_at_fleet(&self, link: &Link) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("TIME");
        let ((seconds, micros),): ((i64, i64),) = link.commands(&commands, DOING).await?;
        self.clock.measured(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)));
        match self.process_hashes(["info"], link, DOING).await {
            Ok(hashes) => {
                let infos = hashes.iter().filter_map(|(_, [info])| info.as_deref());
                if let Some(fleet) = Fleet::of(infos.filter_map(version_of)) {
                    self.fleet_is(fleet);
                }
            }
            Err(error) => tracing::warn!(
                error = %LogText::field(&error),
                "the processes of the fleet cannot be read: what is written has the form of the last look"
            ),
        }
        Ok(())
    }

    /// These fields of the hashes of the registered processes, by their names in the set. A name that is not UTF-8 is that of no
    /// process, and neither is one whose key cannot be read as a hash, which the log tells once.
    pub(crate) async fn process_hashes<const N: usize>(
        &self,
        fields: [&str; N],
        link: &Link,
        doing: &str,
    ) -> Result<Vec<(String, [Option<Vec<u8>>; N])>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("SMEMBERS").arg(self.key("processes"));
        let (members,): (Vec<Vec<u8>>,) = link.commands(&commands, doing).await?;
        let mut identities: Vec<_> = members.into_iter().filter_map(|member| String::from_utf8(member).ok()).collect();
        identities.sort();
        let (mut hashes, mut refused) = (Vec::with_capacity(identities.len()), Vec::new());
        for some in identities.chunks(AT_A_TIME) {
            let mut commands = redis::pipe();
            for identity in some {
                commands.cmd("HMGET").arg(self.key(identity)).arg(&fields);
            }
            let rows: Vec<RedisResult<[Option<Vec<u8>>; N]>> = link.commands(commands.ignore_errors(), doing).await?;
            for (identity, row) in some.iter().zip(rows) {
                match row {
                    Ok(row) => hashes.push((identity.clone(), row)),
                    Err(error) => refused.push(format!("`{identity}`: {error}")),
                }
            }
        }
        if let Some(refused) = self.no_process.new_of(refused, true) {
            let refused = LogText::field(&refused);
            tracing::warn!(%refused, "members of the set `processes` are not names of processes that can be read");
        }
        Ok(hashes)
    }
}

/// Whether this is what a process of ours says of itself.
pub(crate) fn is_ours(info: &[u8]) -> bool {
    serde_json::from_slice(info).is_ok_and(|info: FleetProcess| info.labels.iter().any(|label| label == "rust"))
}

/// The version of a process; `None` for a process of ours.
fn version_of(text: &[u8]) -> Option<Version> {
    let info: FleetProcess = serde_json::from_slice(text).ok().filter(|_| !is_ours(text))?;
    info.version.map_or(Some(Version::UNTOLD), |version| Version::parse(&version))
}
