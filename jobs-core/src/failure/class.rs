//! The names of error types that are stored and shown.

use std::any::type_name;

/// The library's own errors, by the paths that users import. Their definitions may move between modules and crates.
const OWN: [&str; 7] = [
    "jobs::DeserializeError",
    "jobs::Error",
    "jobs::Expired",
    "jobs::NotProvided",
    "jobs::Panic",
    "jobs::PartialEnqueue",
    "jobs::TimedOut",
];

/// The class of an error type, as it is stored with failed jobs: `shop::PaymentError`, and `jobs::TimedOut` for an
/// error of the library.
pub fn class_name<E: ?Sized>() -> &'static str {
    shown(type_name::<E>())
}

fn shown(defined: &'static str) -> &'static str {
    let is_own = ["jobs_core::", "jobs_runtime::"].iter().any(|own| defined.starts_with(own));
    let same = |shown: &&str| is_own && last_segment(shown) == last_segment(defined);
    OWN.into_iter().find(same).unwrap_or(defined)
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_librarys_own_errors_get_another_name() {
        assert_eq!(shown("jobs_core::failure::TimedOut"), "jobs::TimedOut");
        assert_eq!(shown("jobs_runtime::enqueue::partial_enqueue::PartialEnqueue"), "jobs::PartialEnqueue");
        assert_eq!(shown("shop::TimedOut"), "shop::TimedOut");
        assert_eq!(shown("jobs_core_of_mine::Error"), "jobs_core_of_mine::Error");
        assert_eq!(shown("jobs_core::url::Missing"), "jobs_core::url::Missing");
    }
}
