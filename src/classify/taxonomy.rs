//! The category hierarchy of the state's public search page, in its order and spelling.
//!
//! It is written out here because the program must know it wherever it runs; a test holds it against the original.

/// A subcategory with the category above it.
pub type Pair = (&'static str, &'static str);

/// Every category with its subcategories.
#[rustfmt::skip]
pub static CATEGORIES: &[(&str, &[&str])] = &[
    ("Diagnostic Testing", &["Imaging & Radiology", "EMG/NCV/NCS", "Lab & Pathology", "Other Diagnostic Tests"]),
    ("DMEPOS", &["DME", "Electrical Stimulation", "Prosthetics/Orthotics", "Supplies"]),
    ("Evaluation & Management", &["Dental Services", "Medical Specialties"]),
    ("Home Health", &["Home Health"]),
    ("Injection", &["Facet Injection", "Injection"]),
    ("Pharmaceuticals", &[
        "Adrenal Cortical Steroids", "Alpha-blocker", "Androgens & Anabolic Steroids", "Anti-anxiety", "Anti-coagulant",
        "Antidepressant", "Antidiabetics", "Antiemetic", "Anti-epilepsy Drugs", "Antihistamine", "Antihypertensive",
        "Anti-infectives", "Antimigraine Agent", "Asthma Medications", "Atypical Antipsychotic", "Barbiturates",
        "Benzodiazepines", "Beta-blocker", "Bisphosphonates", "Calcium Channel Blocker", "Cannabinoids", "Dopamine Agonists",
        "Fibric Acid", "GI Agents", "H2 Blocker", "Hormones", "Impotence Agents", "Injection", "Misc Analgesics",
        "Muscle Relaxant", "NSAID", "Nutritional Products", "Opioids", "Opioid Antagonist", "Proton Pump Inhibitors",
        "Sedative-hypnotics", "Statin", "Topical Analgesics", "Topical Compounds", "TNF Modifier", "Viscosupplementation",
        "Other Drug",
    ]),
    ("Programs", &["Programs"]),
    ("Psych Services", &["Evaluation & Management", "Therapies"]),
    ("Rehabilitation", &["Acupuncture", "Chiropractic", "Physical Therapy/Occupational Therapy", "Other Therapies"]),
    ("Surgery", &["Adjunct Surgical Services", "Arthroscopic Surgery", "Non-arthroscopic Surgery", "Spine", "Surgical Consult"]),
    ("Transportation", &["Transportation"]),
    ("Other", &["Other"]),
];

/// The pair of these names, if the hierarchy has it.
pub fn pair(category: &str, subcategory: &str) -> Option<Pair> {
    let (category, subcategories) = CATEGORIES.iter().find(|(c, _)| *c == category)?;
    subcategories.iter().find(|s| **s == subcategory).map(|s| (*category, *s))
}

/// Every pair, in order.
pub fn pairs() -> impl Iterator<Item = Pair> {
    CATEGORIES.iter().flat_map(|(c, subcategories)| subcategories.iter().map(move |s| (*c, *s)))
}
