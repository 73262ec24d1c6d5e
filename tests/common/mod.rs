//! What several tests need.

/// A letter of the published form with one decision for each item.
pub fn letter(case: &str, items: &[&str]) -> String {
    let mut text = format!(
        "Case Number:          {case}\nDate Assigned:        01/05/2016                      Date of Injury:      02/03/2014\n\
         Decision Date:        01/20/2016                      UR Denial Date:      12/10/2015\n\
         Priority:             Standard                        Application          12/21/2015\n\
         \u{20}                                                     Received:\n\n\
         \u{20}                HOW THE IMR FINAL DETERMINATION WAS MADE\n\n\
         The Expert Reviewer has the following credentials:\nState(s) of Licensure: California\n\
         Certification(s)/Specialty: Pain Management\n\n\
         \u{20}                               CLINICAL CASE SUMMARY\n\
         The expert reviewer developed the following clinical case summary based on a review of the\n\
         case file, including all medical records:\n\nThe injured worker is a 46 year old male.\n\n\
         \u{20}                      IMR ISSUES, DECISIONS AND RATIONALES\n\
         The Final Determination was based on decisions for the disputed items/services set forth below:\n\n"
    );
    for item in items {
        text += &format!(
            "{item}: Upheld\n\nClaims Administrator guideline: Decision based on MTUS Chronic Pain.\n\n\
             MAXIMUS guideline: Decision based on MTUS Chronic Pain.\n\n\
             Decision rationale: The request for {item} is not medically necessary.\n\n"
        );
    }
    text
}
