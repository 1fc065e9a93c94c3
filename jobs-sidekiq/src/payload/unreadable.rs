//! Texts that are not the payload of a job, in a form that all pages of Sidekiq show.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jobs_active_job::JsonObject;
use serde_json::value::RawValue;

use super::{active_job, backtrace, id_of_unreadable, jid_of};

/// The class of what is not the payload of a job.
pub(crate) const UNREADABLE: &str = "(not the payload of a job)";

/// The text to keep among the dead jobs of an entry of this queue that no worker can perform.
///
/// Pages show a text that is not JSON, so it stays. They end with an error for a list that has JSON of another kind than an
/// object, or an object with a value that they cannot read: such a text becomes the argument of a payload. An object that they
/// can read gets the keys that they need. What is not UTF-8 is kept in base64 as well, under the key `bytes`.
pub(crate) fn shown(text: &[u8], queue: &str) -> Vec<u8> {
    let Ok(utf8) = std::str::from_utf8(text) else { return wrapped(text, queue) };
    if serde_json::from_str::<&RawValue>(utf8).is_err() {
        return text.to_vec();
    }
    let Some(mut object) = JsonObject::parse(utf8).filter(can_be_shown) else { return wrapped(text, queue) };
    let missing =
        [("class", UNREADABLE.to_owned()), ("jid", jid_of(id_of_unreadable(text))), ("queue", queue.to_owned())];
    let mut is_complete = true;
    for (key, value) in missing {
        if object.get::<String>(key).is_none_or(|text| text.is_empty()) {
            object.set(key, value);
            is_complete = false;
        }
    }
    if object.raw("args").is_none_or(|args| args == "null") {
        object.set("args", [(); 0]);
        is_complete = false;
    }
    if is_complete { text.to_vec() } else { object.text().into_bytes() }
}

fn wrapped(text: &[u8], queue: &str) -> Vec<u8> {
    let mut object = JsonObject::default();
    object.set("class", UNREADABLE);
    object.set("args", [String::from_utf8_lossy(text)]);
    object.set("jid", jid_of(id_of_unreadable(text)));
    object.set("queue", queue);
    if std::str::from_utf8(text).is_err() {
        // Ruby reads JSON of other encodings, and this text may be one.
        object.set("bytes", BASE64_STANDARD.encode(text));
    }
    // A Ruby process that gets it by "Retry" gives it up at once.
    object.set("retry", 0);
    object.text().into_bytes()
}

/// Whether all values of an object have the types that the pages count on.
fn can_be_shown(object: &JsonObject) -> bool {
    let begins = |key: &str, first: &[char]| object.raw(key).is_none_or(|raw| raw == "null" || raw.starts_with(first));
    let texts = ["display_class", "wrapped", "error_class", "error_message", "error_backtrace"];
    let times = ["created_at", "enqueued_at", "failed_at", "retried_at"];
    let attributes = object.entries().filter(|(key, _)| key.starts_with("cattr"));
    let count: Option<i64> = object.get("retry_count");
    let time_of_failure = if count.is_some_and(|count| count > 0) { "retried_at" } else { "failed_at" };
    texts.iter().all(|key| begins(key, &['"']))
        && times.iter().all(|key| object.raw(key).is_none_or(|raw| raw == "null" || super::times::is_number(raw)))
        && begins("tags", &['['])
        && begins("args", &['['])
        && attributes.into_iter().all(|(_, raw)| raw.starts_with(['{', '[']))
        && object.raw("retry_count").is_none_or(|raw| {
            raw == "null" || count.is_some() && object.raw(time_of_failure).is_some_and(super::times::is_number)
        })
        && object.get::<String>("error_backtrace").is_none_or(|packed| backtrace::unpack(&packed).is_some())
        && active_job::read(object).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(text: &str) -> String {
        String::from_utf8(shown(text.as_bytes(), "mail")).unwrap()
    }

    #[test]
    fn a_text_that_is_not_json_stays_and_json_of_another_kind_is_an_argument() {
        assert_eq!(text_of("{ no JSON"), "{ no JSON");
        for text in ["7", "null", "\"text\"", "[1, 2]", "true"] {
            let shown: serde_json::Value = serde_json::from_str(&text_of(text)).unwrap();
            assert_eq!((&shown["class"], &shown["queue"]), (&UNREADABLE.into(), &"mail".into()));
            assert_eq!(shown["args"], serde_json::json!([text]));
            assert_eq!(shown["jid"].as_str().map(str::len), Some(24));
        }
        let binary: serde_json::Value = serde_json::from_slice(&shown(b"\xff\xfe", "mail")).unwrap();
        assert_eq!(binary["args"], serde_json::json!(["\u{fffd}\u{fffd}"]));
        assert_eq!(binary["bytes"], serde_json::json!("//4="), "no byte is lost");
    }

    #[test]
    fn an_object_gets_what_it_lacks_and_one_that_breaks_a_page_is_an_argument() {
        let full = r#"{"class":"Hard","args":[1.0],"jid":"abc","queue":"mail"}"#;
        assert_eq!(text_of(full), full);
        let added = text_of(r#"{"args":[1.0,[]],"queue":null,"x":{}}"#);
        for part in [r#""args":[1.0,[]]"#, r#""queue":"mail""#, r#""x":{}"#, UNREADABLE, "\"jid\":\""] {
            assert!(added.contains(part), "{part} in {added}");
        }
        for broken in [
            r#""tags":"vip""#,
            r#""tags":[],"tags":"vip""#,
            r#""created_at":1e999"#,
            r#""cattr":7"#,
            r#""error_backtrace":"no base64""#,
            r#""retry_count":1,"failed_at":5"#,
            r#""retry_count":0"#,
            r#""enqueued_at":"soon""#,
            r#""args":"text""#,
            r#""wrapped":7"#,
            r#""class":"Sidekiq::ActiveJob::Wrapper","args":[7]"#,
        ] {
            let text = format!("{{{broken}}}");
            let shown: serde_json::Value = serde_json::from_str(&text_of(&text)).unwrap();
            assert_eq!(shown["args"], serde_json::json!([text]));
        }
    }

    #[test]
    fn what_is_shown_already_stays() {
        for text in ["7", "{}", r#"{"tags":1}"#] {
            let once = text_of(text);
            assert_eq!(text_of(&once), once);
        }
    }
}
