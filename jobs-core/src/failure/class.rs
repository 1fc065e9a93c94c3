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

/// The class of an error in a list: `shop::Declined` for `shop::billing::gateway::Declined`. The modules between the crate and
/// the type are left out; names of other languages, whose modules begin with a capital, stay as they are.
pub fn short_class(class: &str) -> String {
    let is_path = |character: char| character.is_alphanumeric() || matches!(character, '_' | ':');
    let mut short = String::with_capacity(class.len());
    let mut rest = class;
    while !rest.is_empty() {
        let (path, after) = rest.split_at(rest.find(|character| !is_path(character)).unwrap_or(rest.len()));
        short.push_str(&short_path(path));
        let (others, next) = after.split_at(after.find(is_path).unwrap_or(after.len()));
        short.push_str(others);
        rest = next;
    }
    short
}

fn short_path(path: &str) -> String {
    let segments: Vec<&str> = path.split("::").collect();
    let (Some(root), Some(last)) = (segments.first(), segments.last()) else { return path.to_owned() };
    let is_own = matches!(*root, "jobs_core" | "jobs_runtime") && OWN.iter().any(|own| last_segment(own) == *last);
    let root = if is_own { "jobs" } else { root };
    let inner = segments.get(1..segments.len() - 1).unwrap_or_default();
    let named =
        inner.iter().copied().filter(|module| !module.starts_with(|first: char| first.is_lowercase() || first == '_'));
    let ends = (segments.len() > 1).then_some(*last);
    [root].into_iter().chain(named).chain(ends).collect::<Vec<_>>().join("::")
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_class_has_no_inner_modules() {
        for (class, short) in [
            ("shop::billing::gateway::Declined", "shop::Declined"),
            ("jobs_core::failure::TimedOut", "jobs::TimedOut"),
            (
                "alloc::boxed::Box<dyn core::error::Error + core::marker::Send>",
                "alloc::Box<dyn core::Error + core::Send>",
            ),
            ("Stripe::Billing::CardError", "Stripe::Billing::CardError"),
            ("Bounced", "Bounced"),
            ("", ""),
            ("::", "::"),
        ] {
            assert_eq!(short_class(class), short, "{class}");
        }
    }

    #[test]
    fn only_the_librarys_own_errors_get_another_name() {
        assert_eq!(shown("jobs_core::failure::TimedOut"), "jobs::TimedOut");
        assert_eq!(shown("jobs_runtime::enqueue::partial_enqueue::PartialEnqueue"), "jobs::PartialEnqueue");
        assert_eq!(shown("shop::TimedOut"), "shop::TimedOut");
        assert_eq!(shown("jobs_core_of_mine::Error"), "jobs_core_of_mine::Error");
        assert_eq!(shown("jobs_core::url::Missing"), "jobs_core::url::Missing");
    }
}
