//! The releases of Rails whose formats differ.

/// The oldest release of Rails that reads what is written here. Newer releases read what was written for an older one.
///
/// Texts of every release are read, so it matters only for writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rails {
    /// 6.1 and 7.0: times of the job in whole seconds, no `scheduled_at`, decimals as texts, no ranges.
    V6_1,
    /// 7.1: times in nanoseconds, `scheduled_at`, serializers for decimals and ranges.
    V7_1,
    /// 7.2 and later, 8.x included: the names of time zones.
    #[default]
    V7_2,
}
