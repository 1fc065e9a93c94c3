//! Words that are not known.

use jobs_core::spelling::{nearest, unknown};

#[test]
fn the_nearest_word_is_found_by_letters_added_dropped_changed_or_swapped() {
    let known = ["synchronous", "busy_timeout", "max_size"];
    for word in ["busytimeout", "busy_timeoutt", "busy_timeaut", "bsuy_timeout"] {
        assert_eq!(nearest(word, &known), Some("busy_timeout"), "{word}");
    }
}

#[test]
fn a_word_that_is_far_from_all_is_not_guessed_at() {
    assert_eq!(nearest("colour", &["synchronous", "max_size"]), None);
    assert_eq!(nearest("ab", &["xy"]), None, "half of a short word is one letter");
    assert_eq!(nearest("", &["on"]), None);
    assert_eq!(nearest("on", &[]), None);
}

#[test]
fn an_unknown_word_is_told_all_there_are_and_the_nearest() {
    let error = unknown("a value of `listen`", "onn", &["on", "off"]);
    assert!(error.is_invalid());
    assert_eq!(error.to_string(), "`onn` is not a value of `listen`; there is `on`, `off`; did you mean `on`?");
}
