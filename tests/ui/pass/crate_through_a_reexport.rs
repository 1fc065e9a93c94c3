//! The crate `jobs` is used through a re-export of another crate.

mod toolbox {
    pub mod background {
        pub use jobs::*;
    }
}

use toolbox::background as work;

#[work::base(crate = crate::toolbox::background, queue = "mail")]
struct ApplicationJob;

#[work::job(crate = crate::toolbox::background, base = ApplicationJob, retry_on(std::io::Error, wait = 5s))]
async fn deliver(to: u64, #[default = 1] copies: u32) -> Result<(), std::io::Error> {
    assert!(to > 0 && copies > 0);
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    assert_eq!(<Deliver as work::Job>::SETTINGS.queue, Some("mail"));
}
