//! What a process can run: slots, queues, and the version of its program.

use serde::{Deserialize, Serialize};

/// What a process can run, as it says with each heartbeat. Empty if it says nothing, or if its store does not keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ProcessDetails {
    /// How many jobs all its workers run at once; 0 if it does not say.
    pub slots: u64,
    /// The selectors of its workers, each once: `mail`, `mail*`, `*`; at most [`QUEUES`](Self::QUEUES).
    pub queues: Vec<String>,
    /// The version of its program, if the program says one.
    pub version: Option<String>,
}

impl ProcessDetails {
    /// How many selectors a heartbeat tells of.
    pub const QUEUES: usize = 100;

    /// How many characters of a version it tells.
    pub const VERSION: usize = 64;

    /// With so many slots for these selectors, in a program of this version.
    pub fn new(slots: u64, queues: impl IntoIterator<Item = String>, version: Option<String>) -> Self {
        let mut known = Vec::new();
        for queue in queues {
            if known.len() < Self::QUEUES && !known.contains(&queue) {
                known.push(queue);
            }
        }
        let version = version.map(|version| version.chars().take(Self::VERSION).collect());
        Self { slots, queues: known, version }
    }

    /// Whether the process says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As JSON, as stores keep it; `None` if the process says nothing.
    pub fn to_json(&self) -> Option<String> {
        if self.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Of this JSON, as [`to_json`](Self::to_json) wrote it; empty if it cannot be read.
    pub fn from_json(json: Option<&str>) -> Self {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}
