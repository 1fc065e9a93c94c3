//! errors: 2

use jobs::Context;

struct Mailer;

#[jobs::remote(name = "EmailJob")]
fn email(user_id: u64, mailer: &Mailer, ctx: &Context);

fn main() {
    let _ = (Email::perform_later(1), Mailer);
}
