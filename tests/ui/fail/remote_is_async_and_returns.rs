//! errors: 2

#[jobs::remote(name = "EmailJob")]
async fn email(user_id: u64) -> Result<(), std::io::Error>;

fn main() {
    let _ = Email::perform_later(1);
}
