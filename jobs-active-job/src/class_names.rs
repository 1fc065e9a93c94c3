//! The names of jobs and the classes of Ruby.

use std::borrow::Cow;

/// How the name of a job becomes the class that a store of Ruby keeps, and the other way round.
///
/// ```
/// use jobs_active_job::ClassNames;
///
/// assert_eq!(ClassNames::Ruby.class_of("billing::charge_card"), "Billing::ChargeCardJob");
/// assert_eq!(ClassNames::Ruby.name_of("Billing::ChargeCardJob"), "billing::charge_card");
/// assert_eq!(ClassNames::Same.class_of("charge_card"), "charge_card");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassNames {
    /// The class is the name.
    #[default]
    Same,
    /// `process_payment` is the class `ProcessPaymentJob`, and `billing::charge` is `Billing::ChargeJob`. A name of another
    /// form, as `HardWorker`, is a class already and stays as it is.
    Ruby,
}

const SUFFIX: &str = "Job";

impl ClassNames {
    /// The class of the job of this name.
    pub fn class_of(self, name: &str) -> Cow<'_, str> {
        if self == Self::Same || !name.split("::").all(is_ours) {
            return Cow::Borrowed(name);
        }
        let modules: Vec<String> = name.split("::").map(camel_case).collect();
        Cow::Owned(modules.join("::") + SUFFIX)
    }

    /// The name of the job of this class. A class that [`class_of`](Self::class_of) does not write stays as it is.
    pub fn name_of(self, class: &str) -> Cow<'_, str> {
        let name = class.strip_suffix(SUFFIX).map(|class| class.split("::").map(snake_case).collect::<Vec<_>>());
        match name.map(|parts| parts.join("::")) {
            Some(name) if self == Self::Ruby && self.class_of(&name) == class => Cow::Owned(name),
            _ => Cow::Borrowed(class),
        }
    }
}

/// Whether a name is made of words that can be told apart again in a class: each begins with a small letter and has another
/// character.
fn is_ours(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word =
        |word: &str| word.len() > 1 && word.bytes().all(is_plain) && word.starts_with(|c: char| c.is_ascii_lowercase());
    name.split('_').all(is_word)
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
            assert_eq!(ClassNames::Ruby.class_of(name), class);
            assert_eq!(ClassNames::Ruby.name_of(class), name);
            assert_eq!((ClassNames::Same.class_of(name), ClassNames::Same.name_of(class)), (name.into(), class.into()));
        }
    }

    #[test]
    fn a_class_that_no_name_gives_stays_as_it_is() {
        for class in ["HardWorker", "HTTPJob", "Job", "ProcessPayment_Job", "lower"] {
            assert_eq!(ClassNames::Ruby.name_of(class), class);
        }
        for name in ["HardWorker", "Billing::ChargeJob", "größe", ""] {
            assert_eq!(ClassNames::Ruby.class_of(name), name);
        }
    }
}
