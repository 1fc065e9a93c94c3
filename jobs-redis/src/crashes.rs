//! How many processes died while they ran a job, as a hash counts it.

use std::collections::HashMap;
use std::hash::Hash;

use jobs_core::Error;

use crate::Link;

impl Link {
    /// How many processes died while they ran each of these jobs, from a hash with a field for each job; those without a field
    /// are left out. A text that is no number costs no job: it counts as none.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// Redis cannot be reached, or the key is no hash.
    pub async fn crashes<K: Eq + Hash + ToString>(&self, key: &str, jobs: Vec<K>) -> Result<HashMap<K, u32>, Error> {
        if jobs.is_empty() {
            return Ok(HashMap::new());
        }
        let fields: Vec<String> = jobs.iter().map(ToString::to_string).collect();
        let mut commands = redis::pipe();
        commands.cmd("HMGET").arg(key).arg(fields);
        let (counts,): (Vec<Option<Vec<u8>>>,) = self.commands(&commands, "read how often processes died").await?;
        let number = |count: Vec<u8>| std::str::from_utf8(&count).ok()?.parse().ok();
        Ok(jobs.into_iter().zip(counts).filter_map(|(job, count)| Some((job, number(count?)?))).collect())
    }
}
