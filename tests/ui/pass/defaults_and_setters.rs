//! Arguments that callers may leave out.
#![deny(warnings)]

use jobs::prelude::*;

const FEW: u32 = 2;

#[job]
async fn deliver(
    to: u64,
    #[default] message: Option<String>,
    #[default = "plain".to_owned()] paper: String,
    #[default = FEW + 1] copies: u32,
    #[serde(rename = "via", default)] through: Option<u8>,
    #[default] times: std::option::Option<u8>,
    #[default] weight: Option<u32>,
    _unused: bool,
) -> Result<(), std::io::Error> {
    drop((to, message, paper, copies, through, times, weight));
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let job = Deliver::new(1, None, true);
    assert_eq!(
        job.arguments()?,
        r#"{"to":1,"message":null,"paper":"plain","copies":3,"via":null,"times":null,"weight":null,"unused":true}"#
    );
    let job = job.message(Some("hello".to_owned())).paper("fine").copies(7);
    assert_eq!((job.message.as_deref(), job.paper.as_str(), job.copies), (Some("hello"), "fine", 7));
    let job = job.message("hi");
    assert_eq!(job.message.as_deref(), Some("hi"));
    let texts: [Option<String>; 3] = [
        Deliver::new(1, None, true).message("hi".to_owned()).message,
        Deliver::new(1, None, true).message("hi").message(None).message,
        Deliver::new(1, None, true).times(3).weight(Some(2)).message,
    ];
    assert_eq!(texts, [Some("hi".to_owned()), None, None]);
    let old: Deliver = serde_json::from_str(r#"{"to":1,"unused":false}"#)?;
    assert_eq!((old.paper.as_str(), old.copies, old.unused), ("plain", 3, false));
    let _ = job.enqueue();
    Ok(())
}
