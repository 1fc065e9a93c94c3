//! errors: 1

#[jobs::remote(class = "EmailJob")]
fn email(user_id: u64);

fn main() {
    let _ = Email::perform_later(1);
}
