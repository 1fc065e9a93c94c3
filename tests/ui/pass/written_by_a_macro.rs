//! Jobs that a `macro_rules!` writes, with names and types of its caller and of its own.
#![deny(warnings)]

mod shared {
    pub(crate) type Number = u64;

    macro_rules! job_named {
        ($name:ident, $argument:ident: $ty:ty, $error:ty, $check:path) => {
            #[jobs::job(queue = "mail", retry_on($error, wait = 1s), before_perform($check))]
            async fn $name(
                $argument: $ty,
                number: $crate::shared::Number,
                #[default = 1] copies: u8,
                ctx: &jobs::Context,
            ) -> Result<$ty, $error> {
                assert!(number > 0 && copies > 0 && ctx.attempt() > 0);
                Ok($argument)
            }
        };
    }
    pub(crate) use job_named;
}

shared::job_named!(deliver, to: String, std::io::Error, check);
shared::job_named!(post, letter: Vec<u8>, std::fmt::Error, check_post);

fn check(_: &jobs::Context, _: &Deliver) {}

fn check_post(_: &jobs::Context, _: &Post) {}

fn main() {
    let _ = (Deliver::perform_later("x", 1), Post::new(vec![1], 2).copies(3));
}
