//! The identities of jobs: twelve bytes in Sidekiq, sixteen here.

use jobs_core::{Entropy, ForeignId, JobId};
use uuid::Uuid;

/// The namespace of ids for entries whose `jid` is no twelve bytes, or is missing.
const OTHER: Uuid = Uuid::from_u128(0x8a0d_5c5e_7f62_5a0b_93d1_6e0c_49f2_1b37);

/// The `jid` of a job: the one that Sidekiq gave it, otherwise the last 24 digits of the id. They contain its counter and its
/// random bits.
pub(crate) fn jid_of(id: JobId) -> String {
    if let Some(jid @ ForeignId::Jid(_)) = id.foreign() {
        return jid.to_string();
    }
    let [_, _, _, _, jid @ ..] = *id.as_bytes();
    ForeignId::Jid(jid).to_string()
}

/// A random `jid`, as Sidekiq's client gives.
pub(crate) fn new_jid(entropy: &dyn Entropy) -> String {
    let [high, low] = [entropy.next_u64(), entropy.next_u64()];
    format!("{high:016x}{:08x}", low >> 32)
}

/// The id of a job with this `jid`. `own` is the id that Rust gave it, if Rust enqueued it; it counts only while the `jid` is
/// the one that belongs to it.
pub(crate) fn id_of(jid: Option<&str>, own: Option<JobId>, text: &str) -> JobId {
    if let Some(own) = own.filter(|own| jid == Some(jid_of(*own).as_str())) {
        return own;
    }
    let parsed = jid.and_then(|jid| jid.parse::<JobId>().ok());
    let is_jid = |id: &JobId| matches!(id.foreign(), Some(ForeignId::Jid(_)));
    parsed.filter(is_jid).unwrap_or_else(|| {
        let named = Uuid::new_v5(&OTHER, jid.unwrap_or(text).as_bytes());
        JobId::from_bytes(*named.as_bytes())
    })
}

/// The id of a text that is no payload of a job, as tools show it.
pub(crate) fn id_of_unreadable(text: &[u8]) -> JobId {
    JobId::from_bytes(*Uuid::new_v5(&OTHER, text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_sidekiq_is_kept_and_one_of_ours_comes_back() {
        let jid = "c4504bf5adfff27760c0212d";
        let id = id_of(Some(jid), None, "");
        assert_eq!((id.to_string(), jid_of(id)), (jid.to_owned(), jid.to_owned()));
        let ours: JobId = "0192f0c1-2b7a-7000-8000-000000000abc".parse().unwrap();
        assert_eq!(jid_of(ours), "2b7a70008000000000000abc");
        assert_eq!(id_of(Some(&jid_of(ours)), Some(ours), ""), ours);
        assert_eq!(id_of(Some(jid), Some(ours), ""), id, "the payload was pushed again under another jid");
    }

    #[test]
    fn an_entry_with_another_jid_or_none_has_always_the_same_id() {
        assert_eq!(id_of(Some("short"), None, "a"), id_of(Some("short"), None, "b"));
        assert_ne!(id_of(None, None, "a"), id_of(None, None, "b"));
    }
}
