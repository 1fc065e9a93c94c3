//! Jobs can be declared wherever functions can.
#![deny(warnings)]

fn make() -> &'static str {
    use jobs::prelude::*;

    #[job(queue = "mail", before_perform(check), queue = "mail")]
    #[cfg(any())]
    async fn never(to: u64) {}

    #[job(before_perform(check))]
    async fn deliver(to: u64) -> Result<(), std::io::Error> {
        assert!(to > 0);
        Ok(())
    }

    fn check(_: &Context, _: &Deliver) {}

    let _ = Deliver::perform_later(1);
    Deliver::SETTINGS.name
}

mod letters {
    pub(crate) mod inner {
        use jobs::prelude::*;

        #[job]
        pub(in crate::letters) async fn write_letter(to: u64) -> Result<(), std::io::Error> {
            assert!(to > 0);
            Ok(())
        }
    }

    pub(crate) fn name() -> &'static str {
        let _ = inner::WriteLetter { to: 1 };
        <inner::WriteLetter as jobs::Job>::SETTINGS.name
    }
}

fn main() {
    assert_eq!((make(), letters::name()), ("deliver", "write_letter"));
}
