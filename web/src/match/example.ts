// The example of the match page and the home page. The person, the firms and the addresses are invented.
export const EXAMPLE_RESUME = `Eleanor Marsh
14 Harbour Row, Lanewick LW4 7QT
Phone: 020 7946 0931 | E-mail: eleanor.marsh@example.org
Date of birth: 9 May 1991

PROFILE
Management accountant with seven years in manufacturing and retail. She is known for a calm month end and for explaining figures to people who do not work in finance.

EXPERIENCE

Management Accountant
Ferrow Ceramics Ltd, Lanewick
03/2021 - present
• Prepare the monthly management accounts for two plants within five working days.
• Reconcile bank and supplier accounts and clear differences with the purchasing team.
• Submit the quarterly VAT returns and answer the questions of the tax office.
• Build the annual budget in Microsoft Excel with eleven department heads and report variances every month.
• Train two junior accountants and check their journals.

Assistant Accountant
Harrowgate Stores plc, Ferrow
09/2017 - 12/2019
• Posted purchase invoices and expense claims and prepared the weekly payment run.
• Kept the fixed asset register and calculated depreciation.
• Helped the auditors with samples and evidence at year end.

EDUCATION
Bachelor of Science in Accounting and Finance, University of Ferrow, 2014 - 2017

SKILLS
Sage 200, Microsoft Excel (pivot tables, Power Query), management reporting, budgeting, accounts payable
`;

export const EXAMPLE_JOB = `Senior Management Accountant

Brannock Foods makes bread and cakes at three sites. You will join a finance team of nine people.

Your duties
- Prepare monthly management accounts for all sites
- Prepare VAT returns
- Lead the annual budget and explain variances to managers
- Supervise and train junior accountants
- Prepare cash flow forecasts
- Calculate product costs with the production team

Must-haves
- Bachelor's degree in accounting or finance
- At least 5 years of experience in accounting
- Microsoft Excel
- Experience with SAP
- Reconciliation of bank and supplier accounts

Nice to have
- Power BI
- Knowledge of French
- Keep the fixed asset register

What we offer
- 37.5 hours a week and 27 days of leave
- Bread and cakes at half the price

How to apply
Send your resume by the end of the month. Brannock Foods is an equal opportunity employer.
`;
