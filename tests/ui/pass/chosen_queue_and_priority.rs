//! Functions of the job choose its queue and its priority.
#![deny(warnings)]

use jobs::prelude::*;

#[job(queue = by_customer, priority = rules::by_customer)]
async fn deliver(premium: bool) -> Result<(), std::io::Error> {
    assert!(premium);
    Ok(())
}

fn by_customer(job: &Deliver) -> &'static str {
    if job.premium { "high" } else { "low" }
}

mod rules {
    pub(crate) fn by_customer(job: &super::Deliver) -> i32 {
        i32::from(job.premium)
    }
}

#[job(queue = Post::queue_of)]
async fn post(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

impl Post {
    fn queue_of(&self) -> String {
        format!("post_{}", self.to)
    }
}

fn main() {
    assert_eq!((&*Deliver::new(true).queue_name(), Deliver::new(true).priority()), ("high", 1));
    assert_eq!(&*Post::new(7).queue_name(), "post_7");
}
