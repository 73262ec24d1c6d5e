//! What a request for authorization, or a denial of one, asks for: no IMR letter, but what comes before one.
//!
//! Such forms have the treatments below a line that names them (`Requested treatment`, `Service/Good Requested` on the DWC Form
//! RFA), one a line, with diagnosis, codes and quantity in columns beside; or behind that name and a colon. The columns are
//! told from each other by more than one blank.

/// The lines that may name a treatment, each by its columns: first the one below the name of what is requested, if its place can
/// be told, then the others in order.
pub fn lines(text: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    // The place of the column that names treatments, below such a name.
    let mut below: Option<usize> = None;
    for line in text.lines().map(str::trim) {
        if let Some(place) = named_in(line) {
            below = Some(place);
            found.extend(line.split_once(':').map(|(_, behind)| columns(behind)).filter(|columns| !columns.is_empty()));
        } else if line.is_empty() || line.to_lowercase().contains("signature") {
            below = None;
        } else if let Some(place) = below {
            let mut columns = columns(line);
            if let Some(first) = columns.get_mut(..=place) {
                first.rotate_right(1);
            }
            found.extend((!columns.is_empty()).then_some(columns));
        }
    }
    found
}

/// The column of a line that names what is requested. A box to be ticked is a sentence of the form.
fn named_in(line: &str) -> Option<usize> {
    let names = line.split_once(':').map_or(line, |(name, _)| name).to_lowercase();
    let is_name = |column: &&str| {
        let column = column.split('(').next().unwrap_or_default();
        let asked = ["treatment", "service", "procedure", "medication", "good"].iter().any(|word| column.contains(word));
        asked && column.contains("request") && column.split_whitespace().count() <= 4
    };
    columns(&names).iter().position(is_name).filter(|_| !line.contains(['[', '☐', '☒']))
}

fn columns(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|column| column.chars().any(char::is_alphabetic)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_below_the_name_of_what_is_requested_are_found() {
        let form = "Claim Number: 7   Employer: Orchards\n\n\
                    Requested Treatment (see instructions for guidance; attached additional pages if necessary)\n\
                    Diagnosis (Required)   ICD-Code (Required)   Service/Good Requested (Required)   CPT/HCPCS Code\n\
                    Lumbar sprain          S33.5XXA              Physical therapy, lumbar spine      97110\n\
                    Requesting Physician Signature: (signed)\n\n\
                    [ ] Requested treatment has been previously denied\nNot of the list\n";
        assert_eq!(lines(form), [["Physical therapy, lumbar spine", "Lumbar sprain", "S33.5XXA"]]);
        assert_eq!(
            lines("Services requested: Norco 10/325 mg #90\nBaclofen\n\nDenied."),
            [["Norco 10/325 mg #90"], ["Baclofen"]]
        );
        assert_eq!(lines("The requested treatment was discussed with him at length.\nThen he left."), [[""; 0]; 0]);
    }
}
