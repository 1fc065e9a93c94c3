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

impl Rails {
    /// The entry for a release, as `8.0.2`; `None` for one before 6.1, and for what is no release.
    ///
    /// ```
    /// use jobs_active_job::Rails;
    ///
    /// assert_eq!(Rails::of_version("7.0"), Some(Rails::V6_1));
    /// assert_eq!(Rails::of_version("8"), Some(Rails::V7_2));
    /// assert_eq!(Rails::of_version("5.2"), None);
    /// ```
    pub fn of_version(version: &str) -> Option<Self> {
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
        let major = numbers.next()??;
        let minor = numbers.next().map_or(Some(0), |minor| minor)?;
        match (major, minor) {
            (0..6, _) | (6, 0) => None,
            (6, _) | (7, 0) => Some(Self::V6_1),
            (7, 1) => Some(Self::V7_1),
            _ => Some(Self::V7_2),
        }
    }
}
