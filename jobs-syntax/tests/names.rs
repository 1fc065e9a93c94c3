//! Queue names, sizes, and hints for misspelled words.

use jobs_syntax::queue_name::{QUEUE_NAME_MAX, QueueNameError, check};
use jobs_syntax::size;
use jobs_syntax::spelling::{hint, nearest};

#[test]
fn a_queue_name_is_accepted_or_told_the_rule_that_it_breaks() {
    for name in ["default", "low-priority", "mail.eu_1", "шлях", "mail:high", &"q".repeat(QUEUE_NAME_MAX)] {
        assert_eq!(check(name), Ok(()), "{name}");
    }
    for (name, error) in [
        ("", QueueNameError::Empty),
        (&"é".repeat(128), QueueNameError::TooLong),
        ("a b", QueueNameError::Blank),
        ("a\u{7f}", QueueNameError::Blank),
        ("mail*", QueueNameError::Reserved),
        ("a,b", QueueNameError::Reserved),
    ] {
        assert_eq!(check(name), Err(error), "{name:?}");
    }
    assert_eq!(QueueNameError::TooLong.to_string(), "it is longer than 255 bytes");
}

#[test]
fn units_of_sizes_count_in_1024() {
    for (text, bytes) in [("7B", 7), ("512KB", 512 << 10), ("1MB", 1 << 20), ("2GB", 2 << 30), ("0B", 0)] {
        assert_eq!(size::parse(text), Some(bytes), "{text}");
    }
}

#[test]
fn what_is_not_a_size_is_refused() {
    for text in ["", "5", "MB", "1 MB", "1.5MB", "-1MB", "1mb", "1TB", "1MiB", "18446744073709551615KB"] {
        assert_eq!(size::parse(text), None, "{text}");
    }
}

#[test]
fn the_nearest_word_is_found_by_letters_added_dropped_changed_or_swapped() {
    let words = ["queue", "priority", "timeout"];
    for word in ["quue", "queeu", "queues", "quaue"] {
        assert_eq!(nearest(word, &words), Some("queue"), "{word}");
    }
    assert_eq!(nearest("prority", &words), Some("priority"));
    assert_eq!(hint("quue", &words), "; did you mean `queue`?");
}

#[test]
fn a_word_that_is_far_from_all_known_words_gets_no_hint() {
    let words = ["queue", "priority", "timeout"];
    for word in ["colour", "", "q", "abcd"] {
        assert_eq!(nearest(word, &words), None, "{word}");
    }
    assert_eq!(hint("colour", &words), "");
    assert_eq!(nearest("on", &[]), None);
}
