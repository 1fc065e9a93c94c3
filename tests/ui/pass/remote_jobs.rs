//! Jobs that another program performs: all options, no body, nothing to register.

#![deny(missing_docs, dead_code)]

use jobs::definition::{Definition, Registry, Remote, Signature};
use jobs::Job;

/// Sends an email.
#[jobs::remote(name = "EmailJob", queue = "emails", priority = 5, expires_in = 2h, redact(message), unique(by = user_id, until = done))]
pub fn email(
    user_id: u64,
    #[default] template: Option<String>,
    #[keyword] message: Option<String>,
    #[keyword]
    #[default]
    footer: Option<String>,
);

#[jobs::remote]
fn bare();

fn main() {
    let email = Email::new(7, None).footer("Bye");
    assert_eq!(serde_json::to_string(&email).unwrap(), r#"{"user_id":7,"message":null,"footer":"Bye"}"#);
    let signature = Signature::new(&["user_id", "template"]).keywords(&["message", "footer"]);
    let settings = Email::SETTINGS;
    assert_eq!((settings.name, settings.queue, settings.signature), ("EmailJob", Some("emails"), Some(signature)));
    assert!(settings.remote && Remote::is_declared("EmailJob") && Remote::is_declared("bare"));
    assert!(Registry::collect().is_err(), "no job is performed here");
    let error = Registry::of([Definition::of::<Email>()], &Default::default()).unwrap_err().to_string();
    assert!(error.contains("`EmailJob` is performed by another program"), "{error}");
    let _ = Email::perform_later(7, None).wait(std::time::Duration::from_secs(1)).queue("low").priority(1);
    let _ = Bare::perform_later();
}
