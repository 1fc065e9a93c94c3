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

#[expect(clippy::disallowed_methods, reason = "how long the work takes is what is tested")]
#[test]
fn a_long_word_or_many_known_ones_cost_little_and_are_shown_in_part() {
    let word = "x".repeat(1 << 20);
    let known: Vec<String> = (0..100_000).map(|one| format!("known_word_{one}")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let before = std::time::Instant::now();
    let message = unknown("a word", &word, &known).to_string();
    assert!(message.len() < 2_000 && message.contains("and 99950 more"), "{} bytes", message.len());
    assert_eq!(nearest(&word, &[&word]), None);
    assert_eq!(nearest("known_word", &[&word, "known_words"]), Some("known_words"));
    // The limit is far above what it takes, and far below what comparing all letters takes.
    assert!(before.elapsed() < std::time::Duration::from_secs(2), "{:?}", before.elapsed());
}

#[test]
fn capital_letters_make_no_word_unknown() {
    assert_eq!(nearest("BUSY_TIMEOUT", &["busy_timeout"]), Some("busy_timeout"));
    assert_eq!(nearest("Europe/Berln", &["Europe/Berlin"]), Some("Europe/Berlin"));
}
