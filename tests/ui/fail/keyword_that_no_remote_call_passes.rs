//! errors: 2

use jobs::job;

struct Mailer;

#[job]
async fn email(#[keyword = 1] user_id: u64, #[keyword] mailer: &Mailer) -> Result<(), std::io::Error> {
    let _ = (user_id, mailer);
    Ok(())
}

fn main() {
    let _ = (Email::perform_later(1), Mailer);
}
