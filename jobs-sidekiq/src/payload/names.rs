//! The names of jobs and the classes of Ruby.

use std::borrow::Cow;

/// How the name of a job becomes the class in a payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// The class is the name.
    #[default]
    Same,
    /// `process_payment` is the class `ProcessPaymentJob`, and `billing::charge` is `Billing::ChargeJob`. A name that has a
    /// capital letter is a class already and stays as it is.
    Ruby,
}

const SUFFIX: &str = "Job";

impl Names {
    /// The class of the job of this name.
    pub(crate) fn class_of(self, name: &str) -> Cow<'_, str> {
        let is_ours = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || is_plain(byte));
        if self == Self::Same || !is_ours {
            return Cow::Borrowed(name);
        }
        let modules: Vec<String> = name.split("::").map(camel_case).collect();
        Cow::Owned(modules.join("::") + SUFFIX)
    }

    /// The name of the job of this class. A class that [`class_of`](Self::class_of) does not write stays as it is.
    pub(crate) fn name_of(self, class: &str) -> Cow<'_, str> {
        let name = class.strip_suffix(SUFFIX).map(|class| class.split("::").map(snake_case).collect::<Vec<_>>());
        match name.map(|parts| parts.join("::")) {
            Some(name) if self == Self::Ruby && self.class_of(&name) == class => Cow::Owned(name),
            _ => Cow::Borrowed(class),
        }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'_' | b':')
}

fn camel_case(name: &str) -> String {
    let upper = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    name.split('_').map(upper).collect()
}

fn snake_case(class: &str) -> String {
    let mut name = String::new();
    for c in class.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_classes_of_ruby_and_come_back() {
        for (name, class) in [("process_payment", "ProcessPaymentJob"), ("billing::charge", "Billing::ChargeJob")] {
            assert_eq!(Names::Ruby.class_of(name), class);
            assert_eq!(Names::Ruby.name_of(class), name);
            assert_eq!((Names::Same.class_of(name), Names::Same.name_of(class)), (name.into(), class.into()));
        }
    }

    #[test]
    fn a_class_that_no_name_gives_stays_as_it_is() {
        for class in ["HardWorker", "HTTPJob", "Job", "ProcessPayment_Job", "lower"] {
            assert_eq!(Names::Ruby.name_of(class), class);
        }
        for name in ["HardWorker", "Billing::ChargeJob", "größe", ""] {
            assert_eq!(Names::Ruby.class_of(name), name);
        }
    }
}
