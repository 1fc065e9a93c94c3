//! What the URLs of stores have in common.

use std::time::Duration;

use jobs_core::url::{decode, duration, options, size};

#[test]
fn options_stand_in_their_order_and_none_stands_twice() {
    assert_eq!(options("a=1&b&c=x=y", "x:").unwrap(), [("a", "1"), ("b", ""), ("c", "x=y")]);
    assert_eq!(options("", "x:").unwrap(), []);
    let words = options("a=1&a=2", "x:y").unwrap_err().to_string();
    assert!(words.contains("`a` is given twice in `x:y`"), "{words}");
}

#[test]
fn durations_and_sizes_have_units() {
    assert_eq!(duration("wait", "500ms").unwrap(), Duration::from_millis(500));
    assert_eq!(duration("wait", "2m").unwrap(), Duration::from_secs(120));
    assert_eq!(duration("wait", "1h30m").unwrap(), duration("wait", "1.5h").unwrap());
    let message = duration("wait", "5x").unwrap_err().to_string();
    assert!(message.contains("`wait=5x`") && message.contains("the units are us, ms, s, m, h, d, w"), "{message}");
    assert_eq!(size("max", "64MB").unwrap(), 64 << 20);
    for value in ["", "10", "soon", "-1s", "99999999999999999999s", "9999999999999999999m"] {
        assert!(duration("wait", value).unwrap_err().to_string().contains(&format!("`wait={value}`")), "{value}");
    }
    for value in ["", "10", "10kb", "99999999999999GB"] {
        assert!(size("max", value).unwrap_err().to_string().contains("`64MB`"), "{value}");
    }
}

#[test]
fn encoded_bytes_become_themselves_and_what_is_none_is_refused() {
    assert_eq!(decode("a%20b%3F%C3%A9").unwrap(), "a b?é");
    for text in ["100%", "%zz", "%2", "%ff", "%%41", "%+1"] {
        assert!(decode(text).unwrap_err().to_string().contains("`%25`"), "{text}");
    }
}
