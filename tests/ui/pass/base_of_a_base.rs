//! Bases inherit from bases; the nearest setting wins.
#![deny(warnings)]

use jobs::prelude::*;

#[jobs::base(queue = "all", priority = 1, timeout = 10s, retry_on(any, attempts = 9))]
struct EveryJob;

#[jobs::base(base = EveryJob, queue = "mail", discard_on(std::io::Error))]
pub struct MailJob;

#[jobs::base]
struct Plain;

#[job(base = MailJob, priority = 3)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

#[job(base = Plain)]
async fn post(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

fn main() {
    let settings = Deliver::SETTINGS;
    assert_eq!((settings.queue, settings.priority), (Some("mail"), Some(3)));
    assert_eq!(settings.timeout, Some(jobs::policy::Timeout::After(std::time::Duration::from_secs(10))));
    let failure = Failure::raised::<Deliver>(std::io::Error::other("x"));
    assert_eq!(format!("{:?}", Deliver::policy().rule_for(&failure)), "Some(discard_on(std::io::Error))");
    assert_eq!(Post::SETTINGS.queue, None);
}
