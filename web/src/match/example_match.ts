// The answer of the server for the texts of example.ts, without the id of the match. Regenerate it when they change.
import type { Match } from "./api";
import { EXAMPLE_JOB, EXAMPLE_RESUME } from "./example";

export const EXAMPLE_MATCH: Match = {
 id: null,
 score: 0.7680098616220886,
 summary: "The resume shows 12 of 17 skills and meets 10 of 14 requirements of the posting; the score is 0.77. Showing \"SAP\" would raise it most, to 0.83.",
 warnings: [],
 components: [
  { kind: "SKILLS", score: 0.7389822244071044, weight: 0.12713675213675216, contribution: 0.09395179989791179, reason: "12 of 17 skills shown" },
  { kind: "REQUIREMENTS", score: 0.7388342069125756, weight: 0.5582264957264957, contribution: 0.41243683024767175, reason: "10 of 14 requirements met" },
  { kind: "EXPERIENCE", score: 1.0, weight: 0.05074786324786325, contribution: 0.05074786324786325, reason: "8.1 years found, 5 required" },
  { kind: "EDUCATION", score: 1.0, weight: 0.060897435897435896, contribution: 0.060897435897435896, reason: "a bachelor's degree found, a bachelor's degree required" },
  { kind: "OCCUPATION", score: 0.7388288034842564, weight: 0.202991452991453, contribution: 0.1499759323312059, reason: "similarity of job titles and kind of work: 0.74" }
 ],
 weights: { skills: 0.14, requirements: 0.55, experience: 0.05, education: 0.06, occupation: 0.2 },
 requirements: [
  { text: "Prepare monthly management accounts for all sites", kind: "DUTY", mustHave: false, met: true, similarity: 0.8087682820856571, jobSpan: { start: 143, end: 192, text: "Prepare monthly management accounts for all sites" }, evidence: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { text: "Prepare VAT returns", kind: "DUTY", mustHave: false, met: true, similarity: 1.0, jobSpan: { start: 195, end: 214, text: "Prepare VAT returns" }, evidence: { start: 561, end: 637, text: "Submit the quarterly VAT returns and answer the questions of the tax office." } },
  { text: "Lead the annual budget and explain variances to managers", kind: "DUTY", mustHave: false, met: true, similarity: 1.0, jobSpan: { start: 217, end: 273, text: "Lead the annual budget and explain variances to managers" }, evidence: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { text: "Supervise and train junior accountants", kind: "DUTY", mustHave: false, met: true, similarity: 1.0, jobSpan: { start: 276, end: 314, text: "Supervise and train junior accountants" }, evidence: { start: 748, end: 802, text: "Train two junior accountants and check their journals." } },
  { text: "Prepare cash flow forecasts", kind: "DUTY", mustHave: false, met: true, similarity: 0.4700449939817189, jobSpan: { start: 317, end: 344, text: "Prepare cash flow forecasts" }, evidence: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { text: "Calculate product costs with the production team", kind: "DUTY", mustHave: false, met: false, similarity: 0.0, jobSpan: { start: 347, end: 395, text: "Calculate product costs with the production team" }, evidence: null },
  { text: "Bachelor's degree in accounting or finance", kind: "MUST_HAVE", mustHave: true, met: true, similarity: 1.0, jobSpan: { start: 410, end: 452, text: "Bachelor's degree in accounting or finance" }, evidence: { start: 1089, end: 1169, text: "Bachelor of Science in Accounting and Finance, University of Ferrow, 2014 - 2017" } },
  { text: "At least 5 years of experience in accounting", kind: "MUST_HAVE", mustHave: true, met: true, similarity: 1.0, jobSpan: { start: 455, end: 499, text: "At least 5 years of experience in accounting" }, evidence: { start: 139, end: 206, text: "Management accountant with seven years in manufacturing and retail." } },
  { text: "Microsoft Excel", kind: "MUST_HAVE", mustHave: true, met: true, similarity: 1.0, jobSpan: { start: 502, end: 517, text: "Microsoft Excel" }, evidence: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { text: "Experience with SAP", kind: "MUST_HAVE", mustHave: true, met: false, similarity: 0.0, jobSpan: { start: 520, end: 539, text: "Experience with SAP" }, evidence: null },
  { text: "Reconciliation of bank and supplier accounts", kind: "MUST_HAVE", mustHave: true, met: true, similarity: 1.0, jobSpan: { start: 542, end: 586, text: "Reconciliation of bank and supplier accounts" }, evidence: { start: 474, end: 558, text: "Reconcile bank and supplier accounts and clear differences with the purchasing team." } },
  { text: "Power BI", kind: "NICE_TO_HAVE", mustHave: false, met: false, similarity: 0.0, jobSpan: { start: 603, end: 611, text: "Power BI" }, evidence: null },
  { text: "Knowledge of French", kind: "NICE_TO_HAVE", mustHave: false, met: false, similarity: 0.0, jobSpan: { start: 614, end: 633, text: "Knowledge of French" }, evidence: null },
  { text: "Keep the fixed asset register", kind: "NICE_TO_HAVE", mustHave: false, met: true, similarity: 1.0, jobSpan: { start: 636, end: 665, text: "Keep the fixed asset register" }, evidence: { start: 958, end: 1016, text: "Kept the fixed asset register and calculated depreciation." } }
 ],
 skills: {
  matched: [
   { skill: { label: "Prepare monthly management accounts" }, required: false },
   { skill: { label: "VAT returns" }, required: false },
   { skill: { label: "annual budget" }, required: false },
   { skill: { label: "explain variances" }, required: false },
   { skill: { label: "Supervise and train junior accountants" }, required: false },
   { skill: { label: "cash flow forecasts" }, required: false },
   { skill: { label: "accounting" }, required: true },
   { skill: { label: "finance" }, required: true },
   { skill: { label: "Microsoft Excel" }, required: true },
   { skill: { label: "Reconciliation of bank" }, required: true },
   { skill: { label: "supplier accounts" }, required: true },
   { skill: { label: "Keep the fixed asset register" }, required: false }
  ],
  missing: [
   { skill: { label: "SAP" }, required: true },
   { skill: { label: "product costs" }, required: false },
   { skill: { label: "production team" }, required: false },
   { skill: { label: "Power BI" }, required: false },
   { skill: { label: "French" }, required: false }
  ],
  additional: [
   { label: "management accounts" },
   { label: "fixed asset" },
   { label: "depreciation" },
   { label: "Finance" },
   { label: "pivot tables" },
   { label: "Power Query" },
   { label: "budgeting" },
   { label: "accounts payable" }
  ]
 },
 experience: {
  requiredYears: 5.0,
  foundYears: 8.083333333333334,
  periods: [
   { from: "2017-09", until: "2019-12", months: 28, overlapMonths: 0, span: { start: 855, end: 872, text: "09/2017 - 12/2019" } },
   { from: "2021-03", until: null, months: 69, overlapMonths: 0, span: { start: 371, end: 388, text: "03/2021 - present" } }
  ],
  breaks: [
   { from: "2020-01", until: "2021-02", months: 14 }
  ]
 },
 education: { required: "a bachelor's degree", found: "a bachelor's degree", met: true },
 occupation: { resume: "Management Accountant", job: "Senior Management Accountant", agreement: 0.7388288034842564 },
 credentials: [],
 openQuestions: [],
 gaps: [
  { id: "d580465d96dac7b1.skill.11", kind: "SKILL", text: "SAP", required: true, scoreIfAdded: 0.8346956708618377 },
  { id: "d580465d96dac7b1.skill.6", kind: "SKILL", text: "product costs", required: false, scoreIfAdded: 0.7946841853179882 },
  { id: "d580465d96dac7b1.skill.7", kind: "SKILL", text: "production team", required: false, scoreIfAdded: 0.7946841853179882 },
  { id: "d580465d96dac7b1.skill.14", kind: "SKILL", text: "Power BI", required: false, scoreIfAdded: 0.7810689049344153 },
  { id: "d580465d96dac7b1.skill.15", kind: "SKILL", text: "French", required: false, scoreIfAdded: 0.7810689049344153 }
 ],
 resumeHighlights: [
  { kind: "EVIDENCE", span: { start: 139, end: 206, text: "Management accountant with seven years in manufacturing and retail." } },
  { kind: "MATCHED_SKILL", span: { start: 403, end: 430, text: "monthly management accounts" } },
  { kind: "EVIDENCE", span: { start: 474, end: 558, text: "Reconcile bank and supplier accounts and clear differences with the purchasing team." } },
  { kind: "MATCHED_SKILL", span: { start: 474, end: 558, text: "Reconcile bank and supplier accounts and clear differences with the purchasing team." } },
  { kind: "MATCHED_SKILL", span: { start: 493, end: 510, text: "supplier accounts" } },
  { kind: "EVIDENCE", span: { start: 561, end: 637, text: "Submit the quarterly VAT returns and answer the questions of the tax office." } },
  { kind: "MATCHED_SKILL", span: { start: 582, end: 593, text: "VAT returns" } },
  { kind: "EVIDENCE", span: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { kind: "MATCHED_SKILL", span: { start: 640, end: 745, text: "Build the annual budget in Microsoft Excel with eleven department heads and report variances every month." } },
  { kind: "MATCHED_SKILL", span: { start: 650, end: 663, text: "annual budget" } },
  { kind: "MATCHED_SKILL", span: { start: 667, end: 682, text: "Microsoft Excel" } },
  { kind: "EVIDENCE", span: { start: 748, end: 802, text: "Train two junior accountants and check their journals." } },
  { kind: "MATCHED_SKILL", span: { start: 748, end: 802, text: "Train two junior accountants and check their journals." } },
  { kind: "EVIDENCE", span: { start: 958, end: 1016, text: "Kept the fixed asset register and calculated depreciation." } },
  { kind: "MATCHED_SKILL", span: { start: 967, end: 987, text: "fixed asset register" } },
  { kind: "EVIDENCE", span: { start: 1089, end: 1169, text: "Bachelor of Science in Accounting and Finance, University of Ferrow, 2014 - 2017" } },
  { kind: "MATCHED_SKILL", span: { start: 1112, end: 1122, text: "Accounting" } },
  { kind: "MATCHED_SKILL", span: { start: 1127, end: 1134, text: "Finance" } },
  { kind: "MATCHED_SKILL", span: { start: 1188, end: 1203, text: "Microsoft Excel" } }
 ],
 jobHighlights: [
  { kind: "MATCHED_SKILL", span: { start: 143, end: 178, text: "Prepare monthly management accounts" } },
  { kind: "MET", span: { start: 143, end: 192, text: "Prepare monthly management accounts for all sites" } },
  { kind: "MET", span: { start: 195, end: 214, text: "Prepare VAT returns" } },
  { kind: "MATCHED_SKILL", span: { start: 195, end: 214, text: "Prepare VAT returns" } },
  { kind: "MET", span: { start: 217, end: 273, text: "Lead the annual budget and explain variances to managers" } },
  { kind: "MATCHED_SKILL", span: { start: 226, end: 239, text: "annual budget" } },
  { kind: "MATCHED_SKILL", span: { start: 244, end: 261, text: "explain variances" } },
  { kind: "MET", span: { start: 276, end: 314, text: "Supervise and train junior accountants" } },
  { kind: "MATCHED_SKILL", span: { start: 276, end: 314, text: "Supervise and train junior accountants" } },
  { kind: "MET", span: { start: 317, end: 344, text: "Prepare cash flow forecasts" } },
  { kind: "MATCHED_SKILL", span: { start: 325, end: 344, text: "cash flow forecasts" } },
  { kind: "MISSING_SKILL", span: { start: 347, end: 370, text: "Calculate product costs" } },
  { kind: "UNMET", span: { start: 347, end: 395, text: "Calculate product costs with the production team" } },
  { kind: "MISSING_SKILL", span: { start: 380, end: 395, text: "production team" } },
  { kind: "MET", span: { start: 410, end: 452, text: "Bachelor's degree in accounting or finance" } },
  { kind: "MATCHED_SKILL", span: { start: 431, end: 441, text: "accounting" } },
  { kind: "MATCHED_SKILL", span: { start: 445, end: 452, text: "finance" } },
  { kind: "MET", span: { start: 455, end: 499, text: "At least 5 years of experience in accounting" } },
  { kind: "MATCHED_SKILL", span: { start: 489, end: 499, text: "accounting" } },
  { kind: "MET", span: { start: 502, end: 517, text: "Microsoft Excel" } },
  { kind: "MATCHED_SKILL", span: { start: 502, end: 517, text: "Microsoft Excel" } },
  { kind: "UNMET", span: { start: 520, end: 539, text: "Experience with SAP" } },
  { kind: "MISSING_SKILL", span: { start: 536, end: 539, text: "SAP" } },
  { kind: "MATCHED_SKILL", span: { start: 542, end: 564, text: "Reconciliation of bank" } },
  { kind: "MET", span: { start: 542, end: 586, text: "Reconciliation of bank and supplier accounts" } },
  { kind: "MATCHED_SKILL", span: { start: 569, end: 586, text: "supplier accounts" } },
  { kind: "UNMET", span: { start: 603, end: 611, text: "Power BI" } },
  { kind: "MISSING_SKILL", span: { start: 603, end: 611, text: "Power BI" } },
  { kind: "UNMET", span: { start: 614, end: 633, text: "Knowledge of French" } },
  { kind: "MISSING_SKILL", span: { start: 627, end: 633, text: "French" } },
  { kind: "MET", span: { start: 636, end: 665, text: "Keep the fixed asset register" } },
  { kind: "MATCHED_SKILL", span: { start: 636, end: 665, text: "Keep the fixed asset register" } }
 ],
 redactions: [
  { start: 0, end: 13, text: "Eleanor Marsh" },
  { start: 14, end: 46, text: "14 Harbour Row, Lanewick LW4 7QT" },
  { start: 47, end: 103, text: "Phone: 020 7946 0931 | E-mail: eleanor.marsh@example.org" },
  { start: 104, end: 129, text: "Date of birth: 9 May 1991" },
  { start: 207, end: 210, text: "She" },
  { start: 787, end: 792, text: "their" }
 ],
 resumeText: EXAMPLE_RESUME,
 jobText: EXAMPLE_JOB,
 letterToApplicant: "The comparison of your resume with the posting \"Senior Management Accountant\" gives a score of 0.77 on a scale from zero to one.\nThe score says how much of what the posting asks for could be found in the text of your resume by a program. It does not say how good you are at your work, and it is not a decision about you.\n\nWhat counted (the score is the sum of each part's score times its weight):\n- Skills: 0.74, weight 0.13 (12 of 17 skills shown)\n- Requirements and duties: 0.74, weight 0.56 (10 of 14 requirements met)\n- Years of experience: 1.00, weight 0.05 (8.1 years found, 5 required)\n- Degree: 1.00, weight 0.06 (a bachelor's degree found, a bachelor's degree required)\n- Kind of work and job titles: 0.74, weight 0.20 (similarity of job titles and kind of work: 0.74)\n\nWhat the posting requires and your resume shows:\n- skills: accounting, finance, Microsoft Excel, Reconciliation of bank, supplier accounts\n- \"Bachelor's degree in accounting or finance\", shown by your sentence \"Bachelor of Science in Accounting and Finance, University of Ferrow, 2014 - 2017\"\n- \"At least 5 years of experience in accounting\", shown by your sentence \"Management accountant with seven years in manufacturing and retail\"\n- \"Microsoft Excel\", shown by your sentence \"Build the annual budget in Microsoft Excel with eleven department heads and report variances every month\"\n- \"Reconciliation of bank and supplier accounts\", shown by your sentence \"Reconcile bank and supplier accounts and clear differences with the purchasing team\"\n\nWhat the posting requires and was not found in your resume:\n- \"SAP\" (score with it: 0.83)\n- \"Experience with SAP\"\n\nWhat the posting asks for without requiring it, and was not found in your resume:\n- \"product costs\" (score with it: 0.79)\n- \"production team\" (score with it: 0.79)\n- \"Power BI\" (score with it: 0.78)\n- \"French\" (score with it: 0.78)\n\nFor a skill that you have, you could add a sentence on where you used it and for what. For work that you have done, you could add a sentence in your own words: what you did, with what, and with which result.\n\nWhat was not looked at:\nYour name, pronouns, photo, age and date of birth, address, e-mail, phone, links and marital status are blanked before the comparison, so none of these can change the score. Of the posting, the parts about pay, benefits, the employer and how to apply are not compared.\n\nHow to have this corrected:\nIf a sentence was misread or not found, tell the organization that sent you this letter which sentence it is and what it shows, or send the corrected resume and ask for a new comparison. You can also ask that a person reads your application.\n",
 letterToRecruiter: "The comparison of the resume with the posting \"Senior Management Accountant\" gives a score of 0.77 on a scale from zero to one.\nThe score is an aid for reading the resume. It is not a decision about the candidate, and it does not predict performance in the job.\n\nWhat counted:\n- Skills: 0.74, weight 0.13 (12 of 17 skills shown)\n- Requirements and duties: 0.74, weight 0.56 (10 of 14 requirements met)\n- Years of experience: 1.00, weight 0.05 (8.1 years found, 5 required)\n- Degree: 1.00, weight 0.06 (a bachelor's degree found, a bachelor's degree required)\n- Kind of work and job titles: 0.74, weight 0.20 (similarity of job titles and kind of work: 0.74)\n\nMust-haves shown:\n- skills: accounting, finance, Microsoft Excel, Reconciliation of bank, supplier accounts\n- \"Bachelor's degree in accounting or finance\", by \"Bachelor of Science in Accounting and Finance, University of Ferrow, 2014 - 2017\"\n- \"At least 5 years of experience in accounting\", by \"Management accountant with seven years in manufacturing and retail\"\n- \"Microsoft Excel\", by \"Build the annual budget in Microsoft Excel with eleven department heads and report variances every month\"\n- \"Reconciliation of bank and supplier accounts\", by \"Reconcile bank and supplier accounts and clear differences with the purchasing team\"\n\nMust-haves not found:\n- \"SAP\" (score if shown: 0.83)\n- \"Experience with SAP\"\n\nDuties and nice-to-haves not found:\n- \"product costs\" (score if shown: 0.79)\n- \"production team\" (score if shown: 0.79)\n- \"Power BI\" (score if shown: 0.78)\n- \"French\" (score if shown: 0.78)\n\nNot compared:\nName, pronouns, photo, age and date of birth, address, e-mail, phone, links and marital status are blanked before the comparison. Of the posting, the parts about pay, benefits, the employer and how to apply are not compared.\n\nCorrections:\nWhat was not found can still be true of the candidate: read the resume, or ask. If the candidate names a sentence that was misread, or sends a corrected resume, compare again. If a requirement of the posting was misread, set whether it is a must-have.\n"
};
