//! errors: 1

#[jobs::remote(name = "EmailJob")]
fn email(user_id: u64);

fn main() {
    let _ = Email::perform_now(1);
}
