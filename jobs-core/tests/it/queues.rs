//! Names of queues, and what workers choose them by.

use jobs_core::queue::QUEUE_NAME_MAX;
use jobs_core::{QueueSelector, check_queue_name};

fn refusal(name: &str) -> String {
    let error = check_queue_name(name).expect_err("it is refused");
    assert!(error.is_invalid());
    error.to_string()
}

fn selector(text: &str) -> QueueSelector {
    text.parse().expect("it is a selector")
}

#[test]
fn ordinary_names_are_taken() {
    let longest = "q".repeat(QUEUE_NAME_MAX);
    for name in ["default", "a", "low-priority", "mail.eu_1", "шлях", "mail:high", &longest] {
        assert!(check_queue_name(name).is_ok(), "{name}");
    }
}

#[test]
fn the_empty_name_is_refused() {
    assert_eq!(refusal(""), "`` cannot be the name of a queue: it is empty");
}

#[test]
fn a_name_that_is_too_long_in_bytes_is_refused() {
    assert!(refusal(&"q".repeat(256)).ends_with("longer than 255 bytes"));
    assert!(refusal(&"é".repeat(128)).ends_with("longer than 255 bytes"));
}

#[test]
fn white_space_and_control_characters_are_refused_and_shown_as_what_they_are() {
    for name in ["a b", " a", "a\n", "a\tb", "a\u{a0}b", "a\0", "a\u{7f}"] {
        assert!(refusal(name).ends_with("it has white space or a control character in it"), "{name:?}");
    }
    assert!(refusal("a\n").starts_with("`a\\n` "));
}

#[test]
fn the_characters_of_selectors_are_refused() {
    for name in ["*", "mail*", "a,b"] {
        assert!(refusal(name).ends_with("`*` and `,` are kept for the selectors of workers"), "{name}");
    }
}

#[test]
fn a_name_selects_just_its_queue() {
    let selector = selector("mail");
    assert_eq!(selector, QueueSelector::Exact("mail".to_owned()));
    assert!(selector.selects("mail"));
    assert!(!selector.selects("mails") && !selector.selects("Mail") && !selector.selects(""));
}

#[test]
fn a_name_with_a_star_selects_all_that_begin_so() {
    let selector = selector("mail*");
    assert_eq!(selector, QueueSelector::Prefix("mail".to_owned()));
    assert!(selector.selects("mail") && selector.selects("mail_eu"));
    assert!(!selector.selects("email") && !selector.selects("Mail"));
}

#[test]
fn a_star_selects_all() {
    assert_eq!(selector("*"), QueueSelector::All);
    assert!(selector("*").selects("mail"));
}

#[test]
fn a_selector_covers_one_whose_queues_it_selects_all() {
    let words = ["mail", "mails", "mail*", "mails*", "*"];
    let covered =
        |one: &str| words.into_iter().filter(|other| selector(one).covers(&selector(other))).collect::<Vec<_>>();
    assert_eq!(covered("mail"), ["mail"]);
    assert_eq!(covered("mail*"), ["mail", "mails", "mail*", "mails*"]);
    assert_eq!(covered("mails*"), ["mails", "mails*"]);
    assert_eq!(covered("*"), words);
}

#[test]
fn a_selector_is_written_as_it_is_read() {
    for text in ["mail", "mail*", "*"] {
        assert_eq!(selector(text).to_string(), text);
    }
}

#[test]
fn selectors_that_cannot_be_are_refused() {
    for text in ["", "ma*il", "*mail", "mail**", "**", "a,b", " mail", "mail *"] {
        assert!(text.parse::<QueueSelector>().is_err_and(|error| error.is_invalid()), "{text:?}");
    }
}
