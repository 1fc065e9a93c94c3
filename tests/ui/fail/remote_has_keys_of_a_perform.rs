//! errors: 7

#[jobs::remote(
    name = "EmailJob",
    timeout = 30s,
    retry_on(std::io::Error, attempts = 3),
    before_perform(check),
    blocking,
    version = 2,
    aliases("OldEmailJob"),
    cron = "0 2 * * *"
)]
fn email(user_id: u64);

fn main() {
    let _ = Email::perform_later(1);
}
