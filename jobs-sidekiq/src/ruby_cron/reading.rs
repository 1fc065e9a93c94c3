//! Reads the recurring jobs of Ruby, a part at a time: Redis serves no other client meanwhile.

use std::collections::BTreeSet;

use jobs_core::Error;
use jobs_redis::redis::FromRedisValue;

use super::{HashFields, RawFields, text};
use crate::{SidekiqStore, scripts};

/// How many jobs are read at a time.
const AT_A_TIME: usize = 100;

/// Where the next part begins, what was read, and why something cannot be read.
type Part<T> = (String, Vec<T>, Vec<Vec<u8>>);

/// A job of sidekiq-cron: its key, its fields, and the last entry of its history.
pub(super) type CronEntry = (String, HashFields, Vec<u8>);

impl SidekiqStore {
    /// The jobs of sidekiq-cron. Why some cannot be read is added to the reasons.
    pub(super) async fn read_cron_jobs(&self, reasons: &mut Vec<String>) -> Result<Vec<CronEntry>, Error> {
        let namespaces = &self.options.cron.namespaces;
        // Versions before 2 have no namespaces.
        let sets = std::iter::once("cron_jobs".to_owned());
        let sets = sets.chain(namespaces.iter().map(|namespace| format!("cron_jobs:{namespace}")));
        let mut keys: BTreeSet<Vec<u8>> = BTreeSet::new();
        for set in sets {
            keys.extend(self.read_whole::<Vec<u8>>("set", &set, reasons).await?);
        }
        let mut jobs = Vec::new();
        for some in keys.into_iter().collect::<Vec<_>>().chunks(AT_A_TIME) {
            let part: Part<(Vec<u8>, RawFields, Vec<u8>)> = self.read_part("jobs", some, reasons).await?;
            jobs.extend(part.1.into_iter().map(|(key, fields, last)| (text(&key), super::fields(fields), last)));
        }
        Ok(jobs)
    }

    /// A hash of sidekiq-scheduler, in the same way.
    pub(super) async fn read_hash(&self, name: &str, reasons: &mut Vec<String>) -> Result<HashFields, Error> {
        let words = self.read_whole::<Vec<u8>>("hash", name, reasons).await?;
        Ok(words.chunks_exact(2).map(|pair| (text(&pair[0]), pair[1].clone())).collect())
    }

    async fn read_whole<T: FromRedisValue>(
        &self,
        kind: &str,
        name: &str,
        reasons: &mut Vec<String>,
    ) -> Result<Vec<T>, Error> {
        let (mut cursor, mut all) = ("0".to_owned(), Vec::new());
        loop {
            let words = [name.as_bytes().to_vec(), cursor.into_bytes()];
            let (next, some, _) = self.read_part(kind, &words, reasons).await?;
            all.extend(some);
            if next == "0" {
                return Ok(all);
            }
            cursor = next;
        }
    }

    async fn read_part<T: FromRedisValue>(
        &self,
        kind: &str,
        words: &[Vec<u8>],
        reasons: &mut Vec<String>,
    ) -> Result<Part<T>, Error> {
        let mut arguments = vec![self.options.namespace_prefix().into_bytes(), kind.as_bytes().to_vec()];
        arguments.extend_from_slice(words);
        let part: Part<T> = self.link.run(&scripts::CRON_JOBS, &arguments, "read the recurring jobs of Ruby").await?;
        reasons.extend(part.2.iter().map(|reason| text(reason)));
        Ok(part)
    }
}
