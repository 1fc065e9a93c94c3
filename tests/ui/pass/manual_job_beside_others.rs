//! A manual `impl Job`, in one list with jobs of the macro.

use jobs::prelude::*;
use jobs::PerformLater;
use jobs::definition::Settings;

#[derive(serde::Serialize, serde::Deserialize)]
struct ByHand {
    to: u64,
}

impl Job for ByHand {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("by_hand");

    async fn perform(self, _: &Context) -> Result<(), std::io::Error> {
        assert!(self.to > 0);
        Ok(())
    }
}

#[job]
async fn by_macro(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

fn main() {
    let _ = PerformLater::new(ByHand { to: 1 });
    let names = jobs::jobs![ByHand, ByMacro].map(|definition| definition.name());
    assert_eq!(names, ["by_hand", "by_macro"]);
}
