//! Keywords as names; they are stored without `r#`.

use jobs::prelude::*;

#[job(redact(r#in), before_perform(r#match))]
async fn r#type(r#in: u64, #[default = 2] r#loop: u64, r#fn: String) -> Result<(), std::io::Error> {
    assert!(r#in > 0 && r#loop > 0 && !r#fn.is_empty());
    Ok(())
}

fn r#match(_: &Context, _: &Type) {}

fn main() -> Result<(), jobs::Error> {
    assert_eq!(Type::new(1, "x").r#loop(3).arguments()?, r#"{"in":1,"loop":3,"fn":"x"}"#);
    assert_eq!((Type::SETTINGS.name, Type::SETTINGS.redact), ("type", &["in"][..]));
    Ok(())
}
